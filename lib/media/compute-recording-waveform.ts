import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { computeWaveform } from "@/lib/media/compute-waveform";
import type { ReadDatabase } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import type { JobHandler } from "@/lib/jobs/job-handler";
import { waitForQuiet } from "@/lib/media/quiet-time";
import { soundOf, storedObjectColumns } from "@/lib/media/stored-object";
import { transcodingSandbox } from "@/lib/media/transcoder/find-sandbox";
import { writeWaveform } from "@/lib/media/waveform-rows";
import { queueEmptyWebhook } from "@/lib/notifications/queue-webhook";
import { jobContext } from "@/lib/operation/job-context";
import { command } from "@/lib/operation/operation";
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
    if (!recording) return null;
    const waveform = await callStore(() => computeWaveform(soundOf(recording)));
    const hasTranscoder = (await transcodingSandbox()).sandbox !== null;
    return { ...recording, waveform, hasTranscoder };
  },
  run: async ({ tx, input, prepared }) => {
    if (!prepared) return { result: null, unchanged: true };
    const { waveform, unitId } = prepared;
    const event = await writeWaveform(
      tx,
      { id: input.recordingId, unitId, waveform },
      eq(recordings.waveformState, "waiting"),
    );
    if (!event) return { result: null, unchanged: true };
    if (waveform.kind === "unavailable" && waveform.reason === "unsupported_codec" && prepared.hasTranscoder)
      await enqueueJob(tx, { kind: "transcoded_waveform", key: input.recordingId, payload: input });
    // Its head did not tell, and the phone system was told that it has sound.
    if (waveform.kind === "unavailable" && waveform.durationMs === 0 && !prepared.isEmpty)
      await queueEmptyWebhook(tx, input.recordingId);
    return { result: null, audits: [event] };
  },
});

async function findWaiting(db: ReadDatabase, recordingId: string) {
  const { unitId, contentType, isEmpty } = recordings;
  const [found] = await db
    .select({ unitId, contentType, isEmpty, ...storedObjectColumns })
    .from(recordings)
    .where(
      and(eq(recordings.id, recordingId), eq(recordings.state, "stored"), eq(recordings.waveformState, "waiting")),
    );
  return found ?? null;
}

const longestWaitMs = 30_000;

/**
 * Computes a recording's waveform once. One at a time, because decoding takes a whole core. Retries for about a week
 * while the store is unavailable.
 */
export const waveformJob: JobHandler<"waveform"> = {
  maxTries: 200,
  run: async ({ payload, createdAt, signal }) => {
    const context = jobContext("waveform");
    if (!(await waitForQuiet(context, createdAt.getTime() + longestWaitMs, signal))) return { again: 0 };
    await computeRecordingWaveform(context, payload);
  },
};
