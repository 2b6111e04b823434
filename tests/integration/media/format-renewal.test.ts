import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { eq, inArray, sql } from "drizzle-orm";
import { afterEach, beforeAll, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { jobs, playableCopies, recordings, recordingWaveforms } from "@/lib/db/schema";
import { drain } from "@/lib/jobs/drain";
import { enqueueFormatRenewal } from "@/lib/media/format-renewal/enqueue-format-renewal";
import { formatRenewalJob } from "@/lib/media/format-renewal/format-renewal-job";
import { enqueueMissingCopies } from "@/lib/media/playable-copies/enqueue-missing-copies";
import { configuredStore } from "@/lib/storage/configured-store";
import { audio, audioOf, type Audio } from "../../support/audio-fixtures";
import { jobsTurnComes } from "../../support/background-jobs";
import { loadTypescript } from "../../support/load-typescript";
import { job, signedInAs, type SignedIn } from "../../support/people";
import { grantOf, listen } from "../../support/playbacks";
import { fixtureFile } from "../../support/recorder-fixtures";
import { eventsAbout, phoneSystem, recordingRow, storedRecording, type PhoneSystem } from "../../support/uploads";

const killed = fixtureFile("recorders/asterisk22-killed-sizes-zero.wav", "audio/wav");
const wav49 = fixtureFile("recorders/asterisk22-wav49-4s.WAV", "audio/wav");
const float64 = fixtureFile("formats/pcm-f64.wav", "audio/wav");

let system: PhoneSystem;
let dpo: SignedIn;

beforeAll(async () => {
  system = await phoneSystem();
  dpo = await signedInAs("dpo");
});
afterEach(async () => {
  await database().delete(jobs);
  await database().delete(playableCopies);
});

type Columns = Partial<typeof recordings.$inferInsert>;

/** A recording as the release before this one left it: measured or not, and without a codec. */
async function ofEarlierRelease(file: Audio, columns: Columns = {}): Promise<string> {
  const id = await storedRecording(system, file);
  await database().delete(jobs);
  await database().delete(playableCopies);
  await database()
    .update(recordings)
    .set({ codec: null, ...columns })
    .where(eq(recordings.id, id));
  if (columns.waveformState === "ready")
    await database()
      .insert(recordingWaveforms)
      .values({ recordingId: id, channels: 1, bucketMs: 10, peaks: Buffer.from([1, 2, 3]) });
  return id;
}

const measured = { waveformState: "ready", durationMs: 777, channels: 1 } as const;
const notMeasured = { waveformState: "unavailable", durationMs: null, channels: null } as const;

async function renew() {
  await database().delete(jobs);
  await enqueueFormatRenewal(job(), {});
  return drain(60, { format_renewal: formatRenewalJob });
}

const waveformOf = async (id: string) =>
  (await database().select().from(recordingWaveforms).where(eq(recordingWaveforms.recordingId, id)))[0];

test("gives a recording of an earlier release its codec, and those in need of a copy are asked for one", async () => {
  const gsm = await ofEarlierRelease(wav49, notMeasured);
  const right = await ofEarlierRelease(audio("call-04-wav-pcm-mono.wav"), measured);
  expect(await renew()).toEqual({ format_renewal: { done: 1, failed: 0 } });
  expect([(await recordingRow(gsm)).codec, (await recordingRow(right)).codec]).toEqual(["wav49", "pcm_s16le"]);
  expect(await enqueueMissingCopies(job(), { transcoder: null })).toEqual({ enqueued: 1 });
  expect(await database().select({ id: playableCopies.recordingId }).from(playableCopies)).toEqual([{ id: gsm }]);
  await database().delete(jobs);
  await enqueueFormatRenewal(job(), {});
  expect(await database().$count(jobs), "nothing is left to read").toBe(0);
});

test("makes the header of a WAV whose header is wrong, and leaves a right one alone", async () => {
  const wrong = await ofEarlierRelease(killed, measured);
  const right = await ofEarlierRelease(audio("call-04-wav-pcm-mono.wav"), measured);
  const before = await eventsAbout(right);
  await renew();
  const { url } = await grantOf(dpo, wrong);
  const bytes = Buffer.from(await (await listen(dpo.cookie, url)).arrayBuffer());
  expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
  expect((await recordingRow(wrong)).durationMs).toBe(2048);
  expect(await eventsAbout(right)).toEqual(before);
});

test("measures again what an earlier release could not, or measured wrongly", async () => {
  const mp3 = await ofEarlierRelease(audio("fmt-mp3-vbr-no-xing-8k.mp3"), measured);
  const double = await ofEarlierRelease(float64, notMeasured);
  const chained = await ofEarlierRelease(audio("fmt-opus-chained.opus"), measured);
  await renew();
  expect(await recordingRow(mp3)).toMatchObject({ codec: "mp3", durationMs: 20_160 });
  const waveform = (await waveformOf(mp3))!;
  expect([waveform.playbackHead?.subarray(4, 8).toString(), waveform.byteOffsets?.length]).toEqual(["ftyp", 257]);
  expect(await recordingRow(double)).toMatchObject({ codec: "pcm_f64le", waveformState: "ready" });
  expect(await waveformOf(double)).toBeDefined();
  expect(await recordingRow(chained)).toMatchObject({ codec: "opus", durationMs: 20_000 });
});

test("knows an empty one, and keeps a waveform of before if it makes none", async () => {
  const silent = fixtureFile("recorders/asterisk22-silent-call-44-bytes.wav", "audio/wav");
  const empty = await ofEarlierRelease(silent, { ...notMeasured, isEmpty: false });
  // Its content is no sound any more for the release of today.
  const cut = audioOf("cut.opus", audio("call-24-ogg-opus-mono.opus").bytes.subarray(0, 300), "audio/ogg");
  const drawn = await ofEarlierRelease(cut, measured);
  await renew();
  expect(await recordingRow(empty)).toMatchObject({ isEmpty: true, codec: "pcm_s16le" });
  expect(await recordingRow(drawn)).toMatchObject({ codec: "opus", waveformState: "ready", durationMs: 777 });
  expect((await waveformOf(drawn))!.peaks).toEqual(Buffer.from([1, 2, 3]));
});

test("leaves a recording whose object is missing for later, and goes on with the others", async () => {
  const [missing, other] = [await ofEarlierRelease(wav49, notMeasured), await ofEarlierRelease(killed, measured)];
  await configuredStore().deleteAllVersions((await recordingRow(missing)).objectKey!);
  expect((await renew()).format_renewal?.failed).toBe(0);
  expect([(await recordingRow(missing)).codec, (await recordingRow(other)).codec]).toEqual([null, "pcm_s16le"]);
  expect(await database().$count(jobs, sql`kind = 'format_renewal' and run_at > now() + interval '1 hour'`)).toBe(1);
  await database().update(recordings).set({ codec: "other" }).where(eq(recordings.id, missing));
});

test("does not touch recordings that are not stored, or that have a codec", async () => {
  const [deleting, known] = [await ofEarlierRelease(killed, measured), await storedRecording(system, wav49)];
  await database().update(recordings).set({ state: "deleting" }).where(eq(recordings.id, deleting));
  await database().update(recordings).set({ codec: "other" }).where(eq(recordings.id, known));
  await renew();
  const rows = await database()
    .select({ codec: recordings.codec })
    .from(recordings)
    .where(inArray(recordings.id, [deleting, known]))
    .orderBy(recordings.id);
  expect(rows).toEqual([{ codec: null }, { codec: "other" }]);
});

const program = fileURLToPath(new URL("./killed-renewal.ts", import.meta.url));

test("goes on where a killed process left off", async () => {
  const ids = [await ofEarlierRelease(killed, measured), await ofEarlierRelease(float64, notMeasured)];
  await enqueueFormatRenewal(job(), {});
  const signal = await new Promise((resolve) =>
    execFile(process.execPath, ["--import", loadTypescript, program], (error) => resolve(error?.signal)),
  );
  expect(signal).toBe("SIGKILL");
  const codecs = async () => (await Promise.all(ids.map(recordingRow))).map(({ codec }) => codec);
  // The newest is the first.
  expect(await codecs()).toEqual([null, "pcm_f64le"]);
  await jobsTurnComes();
  await drain(60, { format_renewal: formatRenewalJob });
  expect(await codecs()).toEqual(["pcm_s16le", "pcm_f64le"]);
  expect((await eventsAbout(ids[1]!, "recording.waveform_computed")).length).toBe(1);
});

test("asks for no more copies of old recordings than may wait at once", async () => {
  for (let index = 0; index < 3; index++) await ofEarlierRelease(wav49, { ...notMeasured, codec: "wav49" });
  expect(await enqueueMissingCopies(job(), { transcoder: null, limit: 2 })).toEqual({ enqueued: 2 });
  expect(await enqueueMissingCopies(job(), { transcoder: null, limit: 2 })).toEqual({ enqueued: 0 });
  await database().delete(jobs);
  expect((await enqueueMissingCopies(job(), { transcoder: null })).enqueued).toBeGreaterThan(0);
});
