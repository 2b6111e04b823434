import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import type { OperationContext } from "@/lib/operation/operation";
import { noteUnreadable } from "@/lib/playback/note-unreadable";
import type { OpenedPlayback } from "@/lib/playback/open-playback";
import { configuredStore } from "@/lib/storage/configured-store";
import type { ByteRange } from "@/lib/storage/store-requests";
import { callStore } from "@/lib/storage/store-as-app-error";
import { StoreError } from "@/lib/storage/store-error";

/** Store errors that mean that an object is not the one that was taken into custody. */
const damage: ReadonlySet<string> = new Set([
  "integrity",
  "key_missing",
  "checksum_mismatch",
  "precondition_failed",
  "not_found",
]);

/**
 * Reads bytes of a recording, exactly as they were taken into custody. Altered, truncated or replaced objects are
 * refused, at once or when the stream reaches the damage. Each refusal is an event.
 * @throws AppError `recording_damaged`, `store_unavailable`, `key_unavailable`.
 */
export async function readRecordingRange(
  context: OperationContext,
  playback: OpenedPlayback,
  bytes: ByteRange,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const store = configuredStore();
  const options = {
    versionId: playback.objectVersionId ?? undefined,
    ifMatch: playback.objectEtag ?? undefined,
    signal,
    hasDataKey: playback.hasDataKey,
  };
  try {
    const { stream } = await callStore(() => store.readRange(playback.objectKey, bytes, options));
    return watched(stream, (code) => note(context, playback, code));
  } catch (error) {
    if (error instanceof StoreError && damage.has(error.code)) return refused(context, playback, error.code, error);
    throw error;
  }
}

async function refused(
  context: OperationContext,
  playback: OpenedPlayback,
  code: string,
  cause?: unknown,
): Promise<never> {
  await note(context, playback, code);
  throw new AppError(
    "recording_damaged",
    `the object differs from what was taken into custody: ${code}`,
    {},
    { cause },
  );
}

async function note(
  context: OperationContext,
  { grantId, recordingId, unitId }: OpenedPlayback,
  code: string,
): Promise<void> {
  log.error(
    { recordingId, code, requestId: context.requestId },
    "ALARM: a recording in the store is not what was put into custody",
  );
  await noteUnreadable(context, { grantId, recordingId, unitId, code });
}

/** Passes a stream through and reports damage found while reading. */
function watched(
  source: ReadableStream<Uint8Array>,
  tell: (code: string) => Promise<void>,
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          if (error instanceof StoreError && damage.has(error.code))
            await tell(error.code).catch((failure: unknown) =>
              log.error({ error: failure }, "damage could not be recorded"),
            );
          controller.error(error);
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
