import { AppError } from "@/lib/core/errors";
import { query } from "@/lib/operation/operation";
import { findPartsTicket, partsOfUpload } from "@/lib/uploads/parts/parts-ticket";
import type { OpenTicket } from "@/lib/uploads/open-upload";
import { configuredStore } from "@/lib/storage/configured-store";
import type { MultipartPart } from "@/lib/storage/object-store";
import { callStore } from "@/lib/storage/store-as-app-error";
import { StoreError } from "@/lib/storage/store-error";

/**
 * Lists the parts that the store has, so that an upload can be resumed.
 * @throws AppError as `findPartsTicket`; `ticket_expired` also when the store has aborted the upload;
 * `store_unavailable`.
 */
export const listParts = query({
  permission: "recording:upload",
  input: partsOfUpload,
  run: async ({ db, actor, input }) => {
    const { ticket, sizes } = await findPartsTicket(db, actor, input);
    return {
      partSizeBytes: ticket.partSizeBytes!,
      partCount: sizes.length,
      parts: await callStore(() => partsOf(ticket, sizes)),
    };
  },
});

async function partsOf(ticket: OpenTicket, sizes: readonly number[]): Promise<MultipartPart[]> {
  const store = configuredStore();
  if (!store.multipart || ticket.multipartUploadId === null) return [];
  try {
    const parts = await store.multipart.listParts(ticket.objectKey, ticket.multipartUploadId);
    return parts.map(({ partNumber, sizeBytes }) => ({ partNumber, sizeBytes }));
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "not_found") throw error;
    // An interrupted completion has joined the parts: nothing is left to send.
    if (await store.head(ticket.objectKey))
      return sizes.map((sizeBytes, index) => ({ partNumber: index + 1, sizeBytes }));
    throw new AppError("ticket_expired", "the store has aborted the upload", {}, { cause: error });
  }
}
