import { setTimeout as sleep } from "node:timers/promises";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { computeWaveform } from "@/lib/media/compute-waveform";
import { auditEvent } from "@/lib/operation/audit-event";
import type { ReadDatabase } from "@/lib/db/client";
import { recordings, recordingWaveforms } from "@/lib/db/schema";
import type { JobHandler } from "@/lib/jobs/job-handler";
import { readLastArrival } from "@/lib/media/read-last-arrival";
import { jobContext } from "@/lib/operation/job-context";
import { command } from "@/lib/operation/operation";
import { configuredStore } from "@/lib/storage/configured-store";
import { callStore } from "@/lib/storage/store-as-app-error";

/**
 * Computes duration and peaks of one stored recording, once. Marks a format that cannot be decoded; such a recording
 * plays without a waveform. Safe to repeat.
 */
export const computeRecordingWaveform = command({
  permission: "recording:compute-waveform",
  input: z.object({ recordingId: z.uuid() }),
  audits: ["recording.waveform_computed"],
  prepare: async ({ db, input }) => {
    const recording = await findWaiting(db, input.recordingId);
    return recording && { ...recording, waveform: await callStore(() => computeWaveform(fileOf(recording))) };
  },
  run: async ({ tx, input, prepared }) => {
    if (!prepared) return { result: null, unchanged: true };
    const { waveform, unitId } = prepared;
    const isReady = waveform.kind === "ready";
    const updated = await tx
      .update(recordings)
      .set({
        waveformState: isReady ? "ready" : "unavailable",
        durationMs: waveform.durationMs,
        channels: isReady ? waveform.channels : null,
        // Decoded to its end without a sample.
        ...(!isReady && waveform.durationMs === 0 ? { isEmpty: true } : {}),
      })
      .where(
        and(
          eq(recordings.id, input.recordingId),
          eq(recordings.state, "stored"),
          eq(recordings.waveformState, "waiting"),
        ),
      )
      .returning({ id: recordings.id });
    if (updated.length === 0) return { result: null, unchanged: true };
    if (isReady) {
      const { channels, bucketMs, byteOffsets, skippedBytes } = waveform;
      const [peaks, playbackHead] = [
        Buffer.from(waveform.peaks),
        waveform.playbackHead && Buffer.from(waveform.playbackHead),
      ];
      await tx
        .insert(recordingWaveforms)
        .values({ recordingId: input.recordingId, channels, bucketMs, peaks, byteOffsets, playbackHead, skippedBytes })
        .onConflictDoNothing();
    }
    const target = { type: "recording", id: input.recordingId, unitId };
    const details = {
      durationMs: waveform.durationMs,
      ...(isReady ? { channels: waveform.channels } : { reason: waveform.reason }),
    };
    return {
      result: null,
      audits: [
        auditEvent("recording.waveform_computed", { outcome: isReady ? "success" : "failure", target, details }),
      ],
    };
  },
});

type WaitingRecording = NonNullable<Awaited<ReturnType<typeof findWaiting>>>;

async function findWaiting(db: ReadDatabase, recordingId: string) {
  const { unitId, contentType, sizeBytes, objectKey, objectVersionId, objectEtag } = recordings;
  const [found] = await db
    .select({ unitId, contentType, sizeBytes, objectKey, objectVersionId, objectEtag })
    .from(recordings)
    .where(
      and(eq(recordings.id, recordingId), eq(recordings.state, "stored"), eq(recordings.waveformState, "waiting")),
    );
  return found ?? null;
}

const fileOf = (recording: WaitingRecording) => ({
  sizeBytes: recording.sizeBytes!,
  declaredType: recording.contentType,
  read: (from: number) => readObject(recording, from),
});

async function* readObject(recording: WaitingRecording, from: number): AsyncGenerator<Uint8Array> {
  const options = { versionId: recording.objectVersionId ?? undefined, ifMatch: recording.objectEtag ?? undefined };
  const { stream } = await configuredStore().readRange(
    recording.objectKey!,
    { start: from, endInclusive: recording.sizeBytes! - 1 },
    options,
  );
  yield* stream;
}

/**
 * Uploads have priority: a waveform waits until no recording arrived for this time, or until it has waited long enough.
 */
const quietMs = 500;
const longestWaitMs = 30_000;

/**
 * Computes a recording's waveform once. One at a time, because decoding takes a whole core. Retries for about a week
 * while the store is unavailable.
 */
export const waveformJob: JobHandler<"waveform"> = {
  maxTries: 200,
  run: async ({ payload, createdAt, signal }) => {
    const context = jobContext("waveform");
    for (;;) {
      const { sinceMs } = await readLastArrival(context, {});
      const waitMs = Math.min(quietMs - sinceMs, createdAt.getTime() + longestWaitMs - Date.now());
      if (waitMs <= 0) break;
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return { again: 0 };
    }
    await computeRecordingWaveform(context, payload);
  },
};
