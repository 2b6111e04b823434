import { and, eq, type SQL } from "drizzle-orm";
import { pick } from "@/lib/core/pick";
import type { Transaction } from "@/lib/db/client";
import { recordings, recordingWaveforms } from "@/lib/db/schema";
import type { WaveformResult } from "@/lib/media/compute-waveform";
import { enqueueCopies } from "@/lib/media/playable-copies/enqueue-copy";
import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";

type Measured = { id: string; unitId: string; waveform: WaveformResult };

/**
 * Writes what was measured of a stored recording, with its event, in the caller's transaction.
 * @param condition of the recording. @returns null if it does not hold: nothing is written.
 */
export async function writeWaveform(
  tx: Transaction,
  { id, unitId, waveform }: Measured,
  condition: SQL,
): Promise<AuditEventInput<"recording.waveform_computed"> | null> {
  const isReady = waveform.kind === "ready";
  const durationMs = storedDuration(waveform.durationMs);
  const updated = await tx
    .update(recordings)
    .set({
      waveformState: isReady ? "ready" : "unavailable",
      waveformFailure: isReady ? null : waveform.reason,
      durationMs,
      ...(isReady ? { channels: waveform.channels, isJoined: waveform.isJoined } : {}),
      // Decoded to its end without a sample.
      ...(!isReady && waveform.durationMs === 0 ? { isEmpty: true } : {}),
    })
    .where(and(eq(recordings.id, id), eq(recordings.state, "stored"), condition))
    .returning(pick(recordings, "id", "objectKey", "contentType", "codec", "isJoined"));
  if (updated.length === 0) return null;
  if (isReady) await replaceRow(tx, id, waveform);
  if (isReady && waveform.isJoined)
    await enqueueCopies(
      tx,
      updated.map((row) => ({ ...row, objectKey: row.objectKey! })),
    );
  const details = {
    durationMs,
    ...(isReady ? { channels: waveform.channels } : { reason: waveform.reason }),
  };
  const target = { type: "recording", id, unitId };
  return auditEvent("recording.waveform_computed", { outcome: isReady ? "success" : "failure", target, details });
}

/** The column has 32 bits. */
const storedDuration = (durationMs: number | null) =>
  durationMs !== null && durationMs >= 0 && durationMs < 2 ** 31 ? Math.round(durationMs) : null;

async function replaceRow(tx: Transaction, recordingId: string, waveform: Extract<WaveformResult, { kind: "ready" }>) {
  const { channels, bucketMs, byteOffsets, skippedBytes, playbackHead } = waveform;
  const row = {
    ...{ channels, bucketMs, byteOffsets, skippedBytes },
    peaks: Buffer.from(waveform.peaks),
    playbackHead: playbackHead && Buffer.from(playbackHead),
  };
  await tx
    .insert(recordingWaveforms)
    .values({ recordingId, ...row })
    .onConflictDoUpdate({ target: recordingWaveforms.recordingId, set: row });
}
