import { and, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import { isDeepStrictEqual } from "node:util";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { startOfDay, today } from "@/lib/core/time";
import type { Transaction } from "@/lib/db/client";
import { derivedRecordings, recordings, subjectRequestMatches } from "@/lib/db/schema";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { audioForm, type AudioForm } from "@/lib/subject-requests/derived-audio/audio-form";
import { lockRequest } from "@/lib/subject-requests/process-steps";

/**
 * Orders audio of a recording for whoever asked: their channel alone, or with parts silenced (LGPD Art. 18, § 4; Art.
 * 19, II). The recording itself stays as it is. A job makes the file, which is kept until its own date. Ordered anew in
 * another form, or after it failed, it replaces what was made before.
 * @throws AppError `not_found`; `conflict` when the request is closed or the recording is not counted as the person's;
 * `recording_blocked`; `recording_quarantined`; `invalid_input` for one channel of a recording that has only one, or a
 * part behind its end.
 */
export const prepareSubjectAudio = command({
  permission: "subject-request:work",
  input: z.object({ requestId: z.uuid(), recordingId: z.uuid() }).and(audioForm),
  audits: ["recording.derived_audio_asked"],
  run: async ({ tx, actor, input }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    const request = await lockRequest(tx, input.requestId);
    if (!request.isOpen) throw new AppError("conflict", "the request is closed");
    const recording = await lockRecording(tx, input);
    requireFit(input, recording);
    const earlier = await currentFile(tx, input);
    if (earlier && earlier.state !== "failed" && isSame(earlier, input))
      return { result: { derivedId: earlier.id }, unchanged: true as const };
    if (earlier) await replace(tx, earlier.id);
    const derivedId = newId();
    const { unitId, objectKey } = recording;
    const keepUntil = startOfDay(today(), env().SUBJECT_AUDIO_DAYS + 1);
    const kept = {
      keepUntil: today(new Date(keepUntil.getTime() - 1)),
      objectKey: `${objectKey}.derived-${derivedId}`,
    };
    const { requestId, recordingId } = input;
    const made = { ...columnsOf(input), createdById: actor.userId, ...kept };
    await tx.insert(derivedRecordings).values({ id: derivedId, requestId, recordingId, ...made });
    const job = { key: derivedId, payload: { derivedId } };
    await enqueueJob(tx, { kind: "derived_audio", ...job });
    await enqueueJob(tx, { kind: "derived_audio_deletion", ...job, runAt: keepUntil });
    const details = { protocol: request.protocol, derivedId, ...factsOf(input), keepUntil: kept.keepUntil };
    const target = { type: "recording", id: recordingId, unitId };
    return { result: { derivedId }, audits: [auditEvent("recording.derived_audio_asked", { target, details })] };
  },
});

export type PrepareSubjectAudioInput = Parameters<typeof prepareSubjectAudio>[1];

type Which = { requestId: string; recordingId: string };
type File = typeof derivedRecordings.$inferSelect;

async function lockRecording(tx: Transaction, { requestId, recordingId }: Which) {
  const { unitId, objectKey, channels, durationMs, state, quarantine, blockedAt } = recordings;
  const [row] = await tx
    .select({ unitId, objectKey, channels, durationMs, state, quarantine, blockedAt })
    .from(recordings)
    .where(eq(recordings.id, recordingId))
    .for("update");
  const ofRequest = and(
    eq(subjectRequestMatches.requestId, requestId),
    eq(subjectRequestMatches.recordingId, recordingId),
  );
  const { decision } = subjectRequestMatches;
  const [match] = await tx.select({ decision }).from(subjectRequestMatches).where(ofRequest);
  if (!row || !match || row.state !== "stored") throw new AppError("not_found");
  if (match.decision !== "included") throw new AppError("conflict", "it is not counted as the person's");
  if (row.blockedAt) throw new AppError("recording_blocked");
  if (row.quarantine === "quarantined") throw new AppError("recording_quarantined");
  return row;
}

/** Only what is known already: the job finds out the rest. */
function requireFit(
  input: AudioForm,
  { channels, durationMs }: { channels: number | null; durationMs: number | null },
) {
  const isOneChannel = input.form === "subject_channel" && channels === 1;
  const late = durationMs === null ? -1 : input.silences.findIndex(({ fromMs }) => fromMs >= durationMs);
  if (!isOneChannel && late < 0) return;
  const fields = isOneChannel
    ? [{ path: "form", reason: "one_channel" }]
    : [{ path: `silences.${late}.fromMs`, reason: "out_of_range" }];
  throw new AppError("invalid_input", "the recording has no such channel or part", { fields });
}

async function currentFile(tx: Transaction, { requestId, recordingId }: Which): Promise<File | undefined> {
  const [file] = await tx
    .select()
    .from(derivedRecordings)
    .where(
      and(
        eq(derivedRecordings.requestId, requestId),
        eq(derivedRecordings.recordingId, recordingId),
        inArray(derivedRecordings.state, ["waiting", "storing", "ready", "failed"]),
      ),
    )
    .for("update");
  return file;
}

const columnsOf = (input: AudioForm) => ({
  form: input.form,
  subjectChannel: input.form === "subject_channel" ? input.subjectChannel : null,
  silences: input.silences,
});

const isSame = ({ form, subjectChannel, silences }: File, input: AudioForm) =>
  isDeepStrictEqual({ form, subjectChannel, silences }, columnsOf(input));

/** Its job deletes it at once; until then nobody can play or deliver it. */
async function replace(tx: Transaction, derivedId: string): Promise<void> {
  await tx.update(derivedRecordings).set({ state: "deleting" }).where(eq(derivedRecordings.id, derivedId));
  await enqueueJob(tx, { kind: "derived_audio_deletion", key: derivedId, payload: { derivedId } });
}

const factsOf = ({ form, silences }: AudioForm) => ({
  audioForm: form,
  silencedParts: silences.length,
  silencedMs: silences.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0),
});
