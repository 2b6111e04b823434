import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import type { OperationContext } from "@/lib/operation/operation";
import { recordDamage } from "@/lib/playback/record-damage";
import type { OpenedPlayback } from "@/lib/playback/open-playback";
import { configuredStore } from "@/lib/storage/configured-store";
import type { ByteRange } from "@/lib/storage/store-requests";
import { callStore } from "@/lib/storage/store-as-app-error";
import { StoreError } from "@/lib/storage/store-error";

/** Store errors that mean that an object is not the one that was stored. */
const damage: ReadonlySet<string> = new Set([
  "integrity",
  "key_missing",
  "checksum_mismatch",
  "precondition_failed",
  "not_found",
]);

/** The bytes, and what must be called when reading them fails. */
type RecordingRange = { stream: ReadableStream<Uint8Array>; onFailure: (error: unknown) => Promise<void> };

/**
 * Reads bytes of a recording, exactly as they were stored. Altered, truncated or replaced objects are refused, at once
 * or, by `onFailure`, when the stream reaches the damage. Each refusal is an event.
 * @throws AppError `recording_damaged`, `store_unavailable`, `key_unavailable`.
 */
export async function readRecordingRange(
  context: OperationContext,
  playback: OpenedPlayback,
  bytes: ByteRange,
  signal: AbortSignal,
): Promise<RecordingRange> {
  const store = configuredStore();
  const options = {
    versionId: playback.objectVersionId ?? undefined,
    ifMatch: playback.objectEtag ?? undefined,
    signal,
    hasDataKey: playback.hasDataKey,
  };
  try {
    const { stream } = await callStore(() => store.readRange(playback.objectKey, bytes, options));
    return { stream, onFailure: (error) => reportFailure(context, playback, error) };
  } catch (error) {
    if (!(error instanceof StoreError) || !damage.has(error.code)) throw error;
    await reportDamage(context, playback, error.code);
    throw new AppError("recording_damaged", `the stored object has changed: ${error.code}`, {}, { cause: error });
  }
}

async function reportDamage(
  context: OperationContext,
  { grantId, recordingId, unitId }: OpenedPlayback,
  code: string,
): Promise<void> {
  log.error(
    { recordingId, code, requestId: context.requestId },
    "ALARM: the object of a recording differs from the one that was stored",
  );
  await recordDamage(context, { grantId, recordingId, unitId, code });
}

/** Reports damage that the stream reached. Other failures say nothing about the recording. */
async function reportFailure(context: OperationContext, playback: OpenedPlayback, error: unknown): Promise<void> {
  if (!(error instanceof StoreError) || !damage.has(error.code)) return;
  await reportDamage(context, playback, error.code).catch((failure: unknown) =>
    log.error({ error: failure }, "damage could not be recorded"),
  );
}
