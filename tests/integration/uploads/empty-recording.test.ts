import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setWebhook } from "@/lib/access/webhooks/set-webhook";
import { audioOf, smallAudio, type Audio } from "../../support/audio-fixtures";
import { workOff } from "../../support/background-jobs";
import { operator } from "../../support/people";
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

test.each<[string, Audio, boolean]>([
  ["a WAV without a sample", recorded("asterisk22-silent-call-44-bytes.wav", "audio/wav"), true],
  ["an Ogg without a sample", recorded("asterisk22-silent-call-no-samples.ogg", "audio/ogg"), true],
  ["a recording with sound", smallAudio(), false],
])("%s is stored, and known as such at once and to the phone system", async (_what, file, isEmpty) => {
  const id = await storedRecording(system, file);
  expect(await recordingRow(id)).toMatchObject({ state: "stored", isEmpty });
  const state = await call("GET", `/api/recordings/${id}`, { headers: system.headers });
  expect(await state.json()).toMatchObject({ id, state: "stored", isEmpty });
  await workOff("webhook");
  const news = receiver.received.map(({ body }) => JSON.parse(body) as { type: string; data: { recordingId: string } });
  expect(news.filter(({ data }) => data.recordingId === id)).toMatchObject([
    { type: "recording.stored", data: { isEmpty } },
  ]);
  // The waveform, which decodes the file, agrees.
  await workOff("waveform");
  expect(await recordingRow(id)).toMatchObject({ isEmpty });
});
