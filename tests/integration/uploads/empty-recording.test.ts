import { readFileSync } from "node:fs";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { computeRecordingWaveform } from "@/lib/media/compute-recording-waveform";
import { setWebhook } from "@/lib/access/webhooks/set-webhook";
import { audioOf, smallAudio, type Audio } from "../../support/audio-fixtures";
import { workOff } from "../../support/background-jobs";
import { job, operator } from "../../support/people";
import { call } from "../../support/portal";
import { recordersFolder } from "../../support/recorder-fixtures";
import { phoneSystem, recordingRow, storedRecording, type PhoneSystem } from "../../support/uploads";
import { startWebhookReceiver, type WebhookReceiver } from "../../support/webhook-receiver";

let system: PhoneSystem;
let receiver: WebhookReceiver;

beforeAll(async () => {
  system = await phoneSystem();
  receiver = await startWebhookReceiver();
  await setWebhook(operator(), { serviceAccountId: system.serviceAccountId, url: receiver.url });
});
afterAll(() => receiver.close());

const recorded = (name: string, type: string) => audioOf(name, readFileSync(path.join(recordersFolder, name)), type);

/** What the phone system was told of a recording. */
async function newsOf(id: string) {
  await workOff("webhook");
  const news = receiver.received.map(({ body }) => JSON.parse(body) as { type: string; data: { recordingId: string } });
  return news.filter(({ data }) => data.recordingId === id);
}

test.each<[string, Audio, boolean]>([
  ["a WAV without a sample", recorded("asterisk22-silent-call-44-bytes.wav", "audio/wav"), true],
  ["an Ogg without a sample", recorded("asterisk22-silent-call-no-samples.ogg", "audio/ogg"), true],
  ["a recording with sound", smallAudio(), false],
])("%s is stored, and known as such at once and to the phone system", async (_what, file, isEmpty) => {
  const id = await storedRecording(system, file);
  expect(await recordingRow(id)).toMatchObject({ state: "stored", isEmpty });
  const state = await call("GET", `/api/recordings/${id}`, { headers: system.headers });
  expect(await state.json()).toMatchObject({ id, state: "stored", isEmpty });
  expect(await newsOf(id)).toMatchObject([{ type: "recording.stored", data: { isEmpty } }]);
  // The waveform, which decodes the file, agrees.
  await workOff("waveform");
  expect(await recordingRow(id)).toMatchObject({ isEmpty });
  expect(await newsOf(id)).toHaveLength(1);
});

/** A WAV without a sample whose texts fill more than the head that is read at once. */
function emptyBehindTexts(): Buffer {
  const wav = recorded("asterisk22-silent-call-44-bytes.wav", "audio/wav").bytes;
  const list = Buffer.alloc(70_000);
  list.write("LIST");
  list.writeUInt32LE(list.length - 8, 4);
  const whole = Buffer.concat([wav.subarray(0, 36), list, wav.subarray(36)]);
  whole.writeUInt32LE(whole.length - 8, 4);
  return whole;
}

test("a large file without a sample is known as such once decoded, and the phone system is told once", async () => {
  const id = await storedRecording(system, audioOf("empty.wav", emptyBehindTexts(), "audio/wav"));
  expect(await recordingRow(id)).toMatchObject({ isEmpty: false });
  expect(await newsOf(id)).toMatchObject([{ type: "recording.stored", data: { isEmpty: false } }]);
  await workOff("waveform");
  expect(await recordingRow(id)).toMatchObject({ isEmpty: true });
  await database().update(recordings).set({ waveformState: "waiting", isEmpty: false }).where(eq(recordings.id, id));
  await computeRecordingWaveform(job(), { recordingId: id });
  expect(await newsOf(id)).toMatchObject([
    { type: "recording.stored" },
    { type: "recording.empty", data: { isEmpty: true, code: null } },
  ]);
});
