import { and, eq, or } from "drizzle-orm";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { computeWaveform } from "@/lib/media/compute-waveform";
import { unavailableWaveform } from "@/lib/media/waveform/waveform-result";
import type { ReadDatabase } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import type { JobHandler, JobOutcome } from "@/lib/jobs/job-handler";
import { waitForQuiet } from "@/lib/media/quiet-time";
import { soundOf, storedObjectColumns } from "@/lib/media/stored-object";
import { transcodingSandbox } from "@/lib/media/transcoder/find-sandbox";
import { writeWaveform } from "@/lib/media/waveform-rows";
import { queueEmptyWebhook } from "@/lib/notifications/queue-webhook";
import { jobContext } from "@/lib/operation/job-context";
import { command, type OperationContext } from "@/lib/operation/operation";
import { callStore } from "@/lib/storage/store-as-app-error";

/**
 * Computes duration and peaks of one stored recording, once. Marks a format that cannot be decoded; such a recording
 * plays without a waveform. Safe to repeat, also for one that was given up.
 * @param input.givesUp marks it without another attempt.
 */
export const computeRecordingWaveform = command({
  permission: "recording:compute-waveform",
  input: z.object({ recordingId: z.uuid(), givesUp: z.boolean().default(false) }),
  audits: ["recording.waveform_computed"],
  prepare: async ({ db, input }) => {
    const recording = await findWaiting(db, input.recordingId);
    if (!recording) return null;
    const waveform = input.givesUp
      ? unavailableWaveform("gave_up")
      : await callStore(() => computeWaveform(soundOf(recording)));
    const hasTranscoder = (await transcodingSandbox()).sandbox !== null;
    return { ...recording, waveform, hasTranscoder };
  },
  run: async ({ tx, input, prepared }) => {
    if (!prepared) return { result: null, unchanged: true };
    const { waveform, unitId } = prepared;
    const event = await writeWaveform(tx, { id: input.recordingId, unitId, waveform }, isUnmeasured);
    if (!event) return { result: null, unchanged: true };
    if (waveform.kind === "unavailable" && waveform.reason === "unsupported_codec" && prepared.hasTranscoder)
      await enqueueJob(tx, {
        kind: "transcoded_waveform",
        key: input.recordingId,
        payload: { recordingId: input.recordingId },
      });
    // Its head did not tell, and the phone system was told that it has sound.
    if (waveform.kind === "unavailable" && waveform.durationMs === 0 && !prepared.isEmpty)
      await queueEmptyWebhook(tx, input.recordingId);
    return { result: null, audits: [event] };
  },
});

const isUnmeasured = or(eq(recordings.waveformState, "waiting"), eq(recordings.waveformFailure, "gave_up"))!;

async function findWaiting(db: ReadDatabase, recordingId: string) {
  const { unitId, contentType, isEmpty } = recordings;
  const [found] = await db
    .select({ unitId, contentType, isEmpty, ...storedObjectColumns })
    .from(recordings)
    .where(and(eq(recordings.id, recordingId), eq(recordings.state, "stored"), isUnmeasured));
  return found ?? null;
}

const longestWaitMs = 30_000;

/** Failures that pass: of the store, its keys and the database. */
const passes = (error: unknown) => error instanceof AppError && error.status >= 500;

/**
 * Computes a recording's waveform once. One at a time, because decoding takes a whole core. Retries for about a week
 * while the store is unavailable. A file that ends the process twice, or fails twice unexpectedly, is given up: the job
 * stays among those that failed, and health says so.
 */
export const waveformJob: JobHandler<"waveform"> = {
  maxTries: 200,
  run: async ({ payload, createdAt, lastError, signal }) => {
    const context = jobContext("waveform");
    if (lastError === "interrupted_again") return giveUp(context, payload);
    if (!(await waitForQuiet(context, createdAt.getTime() + longestWaitMs, signal))) return { again: 0 };
    try {
      await computeRecordingWaveform(context, payload);
    } catch (error) {
      if (passes(error) || lastError !== "internal") throw error;
      log.error({ error, recordingId: payload.recordingId }, "a waveform is given up after two attempts");
      return giveUp(context, payload);
    }
  },
};

async function giveUp(context: OperationContext, payload: { recordingId: string }): Promise<JobOutcome> {
  await computeRecordingWaveform(context, { ...payload, givesUp: true });
  return { failure: "gave_up", isFinal: true };
}
