import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import type { OperationContext } from "@/lib/operation/operation";
import { endLinkedPut } from "@/lib/uploads/links/end-linked-put";
import { startLinkedPut } from "@/lib/uploads/links/start-linked-put";
import type { StoreLinkedBody } from "@/lib/storage/links/linked-store";
import type { ObjectStore } from "@/lib/storage/object-store";

/**
 * For stores where a second PUT may replace the first: gives each PUT on a link a ticket and key of its own. The first
 * PUT that arrives whole uses the link; the objects of the others are swept.
 */
export function storeUnderOwnKey(store: ObjectStore, context: OperationContext): StoreLinkedBody {
  return async (linkKey, body, signed) => {
    const { sizeBytes, sha256 } = signed;
    const started = await startLinkedPut(context, { linkKey, sizeBytes, sha256 });
    if (started.kind === "refused") throw new AppError(started.code, "the link was used");
    const { ticketId, objectKey } = started;
    const stored = await store.put(objectKey, body, { ...signed, ifNoneMatch: "*" }).catch(async (error: unknown) => {
      await endLinkedPut(context, { linkKey, ticketId, hasArrived: false }).catch((failure: unknown) =>
        log.error(
          { error: failure, ticketId, requestId: context.requestId },
          "an interrupted upload could not be closed",
        ),
      );
      throw error;
    });
    if (await endLinkedPut(context, { linkKey, ticketId, hasArrived: true })) return stored;
    throw new AppError("already_exists", "another PUT arrived by this link before");
  };
}
