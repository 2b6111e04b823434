import { typeWithoutParameters } from "@/lib/core/accepted-audio-types";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import type { OperationContext } from "@/lib/operation/operation";
import { abandonContent } from "@/lib/uploads/content/abandon-content";
import { completeUpload } from "@/lib/uploads/complete-upload";
import { measureBody, type MeasuredBody } from "@/lib/uploads/content/measured-body";
import { recordContentHash } from "@/lib/uploads/content/record-content-hash";
import type { StartedContent } from "@/lib/uploads/content/start-content";
import { configuredStore } from "@/lib/storage/configured-store";
import { storeAsAppError } from "@/lib/storage/store-as-app-error";
import { StoreError } from "@/lib/storage/store-error";

type Receiving = Extract<StartedContent, { kind: "receive" }>;

/**
 * Streams the body to the store, counts and hashes it, and completes the recording in the same request. An incomplete
 * body is never visible. Returns the id of the recording of the call that has this content. Content of a stored
 * recording with an announced hash, or an id of the sender's own, is compared instead.
 * @throws AppError as `completeUpload`; `upload_interrupted`, `size_mismatch`, `checksum_mismatch` (the digest of the
 * request): the same PUT may be sent again; `already_stored` when other content is stored, `upload_conflict` when other
 * content was stored meanwhile.
 */
export async function receiveContent(
  started: StartedContent,
  request: Request,
  context: OperationContext,
): Promise<{ id: string; state: "stored" }> {
  const { recordingId } = started;
  const body = measureBody(request.body, started.sizeBytes, (sha256) => acceptWhole(started, sha256, context));
  if (started.kind === "compare") {
    await body.stream.pipeTo(new WritableStream());
    return { id: recordingId, state: "stored" };
  }
  await forward(started, body).catch(async (error: unknown) => {
    await abandon(started, error, context);
    throw error;
  });
  return completeUpload(context, { recordingId, ticketId: started.ticketId });
}

/** Runs before the last chunk is forwarded, so that the ticket has the expected hash even if this process dies. */
async function acceptWhole(started: StartedContent, sha256: Buffer, context: OperationContext): Promise<void> {
  const { recordingId, ticketId, declaredSha256 } = started;
  if (declaredSha256 === null) await recordContentHash(context, { recordingId, ticketId, sha256 });
  if (started.kind === "compare") {
    if (!sha256.equals(started.storedSha256)) throw new AppError("already_stored", "stored with other content");
    return;
  }
  if (declaredSha256 === null) return;
  if (sha256.toString("hex") !== declaredSha256)
    throw new AppError("checksum_mismatch", "the content does not match Content-Digest");
}

async function forward(
  { objectKey, contentType, sizeBytes, declaredSha256 }: Receiving,
  body: MeasuredBody,
): Promise<void> {
  try {
    const options = {
      contentType: typeWithoutParameters(contentType),
      sizeBytes,
      sha256: declaredSha256 ?? undefined,
      ifNoneMatch: "*" as const,
    };
    await configuredStore().put(objectKey, body.stream, options);
  } catch (error) {
    throw body.failure() ?? (error instanceof StoreError ? storeAsAppError(error) : error);
  }
}

/** If this fails, the reconcile job closes the ticket. */
async function abandon({ recordingId, ticketId }: Receiving, error: unknown, context: OperationContext): Promise<void> {
  const code = error instanceof AppError ? error.code : "internal";
  await abandonContent(context, { recordingId, ticketId, code }).catch((failure: unknown) =>
    log.error(
      { error: failure, recordingId, requestId: context.requestId },
      "an interrupted upload could not be closed",
    ),
  );
}
