import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import type { OperationContext } from "@/lib/operation";
import { abandonContent } from "@/lib/recordings/abandon-content";
import { completeUpload } from "@/lib/recordings/complete-upload";
import type { ReceivedBytes } from "@/lib/recordings/inspect-tickets";
import { measureBody, type MeasuredBody } from "@/lib/recordings/measure-body";
import type { StartedContent } from "@/lib/recordings/start-content";
import { configuredStore } from "@/lib/storage/configured-store";
import { callStore } from "@/lib/storage/store-as-app-error";
import { StoreError } from "@/lib/storage/store-error";

type Receiving = Extract<StartedContent, { kind: "receive" }>;

/**
 * Streams the body to the store, counted and hashed on the way, and completes the recording with it in the same request; nothing is
 * visible of a body that did not arrive whole. The bytes of a stored recording are compared instead.
 * @throws AppError as `completeUpload`; `upload_interrupted`, `size_mismatch`, `checksum_mismatch` (the digest of the request): the
 * same PUT may be sent again; `already_stored` when other bytes are.
 */
export async function receiveContent(started: StartedContent, request: Request, context: OperationContext): Promise<Response> {
  const { recordingId } = started;
  const body = measureBody(request.body, started.sizeBytes);
  if (started.kind === "compare") {
    await body.stream.pipeTo(new WritableStream());
    if (!body.received().sha256.equals(started.storedSha256)) throw new AppError("already_stored", "stored with other content");
    return Response.json({ id: recordingId, state: "stored" });
  }
  const received = await sendOn(started, body).catch(async (error: unknown) => {
    await abandon(started, error, context);
    throw error;
  });
  return Response.json(await completeUpload(context, { recordingId, ticketId: started.ticketId, received }));
}

async function sendOn({ objectKey, contentType, sizeBytes, promisedSha256 }: Receiving, body: MeasuredBody): Promise<ReceivedBytes> {
  try {
    const options = { contentType, sizeBytes, sha256: promisedSha256 ?? undefined, ifNoneMatch: "*" as const };
    await callStore(() => configuredStore().put(objectKey, body.stream, options));
  } catch (error) {
    const failure = body.failure();
    if (failure) throw failure;
    throw error instanceof StoreError && error.code === "checksum_mismatch" ? new AppError("checksum_mismatch", "not the digest that was promised", {}, { cause: error }) : error;
  }
  const received = body.received();
  if (promisedSha256 && received.sha256.toString("hex") !== promisedSha256) throw new AppError("checksum_mismatch", "not the digest that was promised");
  return received;
}

/** What cannot be said now the reconciliation job says. */
async function abandon({ recordingId, ticketId }: Receiving, error: unknown, context: OperationContext): Promise<void> {
  const code = error instanceof AppError ? error.code : "internal";
  await abandonContent(context, { recordingId, ticketId, code }).catch((failure: unknown) => log.error({ error: failure, recordingId, requestId: context.requestId }, "an interrupted upload could not be closed"));
}
