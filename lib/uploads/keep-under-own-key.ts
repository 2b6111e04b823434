import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import type { OperationContext } from "@/lib/operation/operation";
import { endLinkedPut } from "@/lib/uploads/end-linked-put";
import { startLinkedPut } from "@/lib/uploads/start-linked-put";
import type { KeepUpload } from "@/lib/storage/links/linked-store";
import type { ObjectStore } from "@/lib/storage/object-store";

/**
 * For stores where a second PUT may replace the first: each PUT on a link has a ticket and key of its own, as each PUT
 * through the portal has. The first PUT that arrives whole uses the link. Later ones write to keys that no recording
 * uses, and are swept.
 */
export function keepUnderOwnKey(store: ObjectStore, context: OperationContext): KeepUpload {
  return async (linkKey, body, promised) => {
    const { sizeBytes, sha256 } = promised;
    const started = await startLinkedPut(context, { linkKey, sizeBytes, sha256 });
    if (started.kind === "refused") throw new AppError(started.code, "the link was used");
    const { ticketId, objectKey } = started;
    const stored = await store.put(objectKey, body, { ...promised, ifNoneMatch: "*" }).catch(async (error: unknown) => {
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
