import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, type APIRequestContext } from "@playwright/test";
import { waitForWaveform } from "./database";

/** A call as the example phone system announces it. */
export type Call = {
  unit: string;
  queue?: string;
  agent?: string;
  direction?: "inbound" | "outbound" | "internal";
  startedAt?: string;
  sourceCallId?: string;
  sourceRecordingId?: string;
  customerNumber?: string;
};

const headers = () => ({
  authorization: `Bearer ${readFileSync(path.join(path.dirname(process.env.SIGN_INS!), "api-key.txt"), "utf8").trim()}`,
});

type Ticket = { id: string; upload: { method: string; url: string; headers: Record<string, string> } };

/** Requests a ticket and sends nothing: a recording that waits for its audio. */
export async function announceCall(
  request: APIRequestContext,
  call: Call,
  audio: Buffer,
  contentType: string,
): Promise<Ticket> {
  const metadata = {
    source: "pabx-teste",
    sourceCallId: randomUUID(),
    direction: "inbound",
    startedAt: new Date().toISOString(),
    ...call,
  };
  const sha256 = createHash("sha256").update(audio).digest("hex");
  const answer = await request.post("/api/recordings", {
    headers: headers(),
    data: { ...metadata, contentType, sizeBytes: audio.length, sha256 },
  });
  expect(answer.status(), await answer.text()).toBe(201);
  return (await answer.json()) as Ticket;
}

/** Uploads a call as a phone system does and returns its id. */
export async function uploadCall(
  request: APIRequestContext,
  call: Call,
  audio: Buffer,
  contentType = "audio/wav",
): Promise<string> {
  const { id, upload } = await announceCall(request, call, audio, contentType);
  const sent = await request.fetch(upload.url, { method: upload.method, headers: upload.headers, data: audio });
  expect(sent.ok(), await sent.text()).toBe(true);
  const completed = await request.post(`/api/recordings/${id}/complete`, { headers: headers(), data: {} });
  expect(completed.ok(), await completed.text()).toBe(true);
  return id;
}

/** Reads a fixture file. */
export const fixture = (name: string): Buffer =>
  readFileSync(path.resolve(import.meta.dirname, "../../fixtures/audio", name));

const sampleRate = 8000;

/** A stereo WAV of a voice-like tone (32 kB a second), too large for a browser to fetch at once. */
export function longCall(seconds: number): Buffer {
  const samples = seconds * sampleRate;
  const data = Buffer.alloc(samples * 4);
  for (let index = 0; index < samples; index += 1) {
    const speaks = Math.floor(index / sampleRate / 2) % 2;
    data.writeInt16LE(Math.round(9000 * Math.sin((index / sampleRate) * 2 * Math.PI * 220)), index * 4 + speaks * 2);
  }
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + data.length, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(2, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * 4, 28);
  header.writeUInt16LE(4, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36);
  header.writeUInt32LE(data.length, 40);
  // No two calls have the same content.
  data.writeInt32LE(Math.floor(Math.random() * 2 ** 31), data.length - 4);
  return Buffer.concat([header, data]);
}

/** The samples of one channel of a call, as a mono WAV. */
export function oneSide(stereo: Buffer, channel: 0 | 1): Buffer {
  const samples = Buffer.alloc((stereo.length - 44) / 2);
  for (let index = 0; index < samples.length; index += 2)
    stereo.copy(samples, index, 44 + index * 2 + channel * 2, 44 + index * 2 + channel * 2 + 2);
  const header = Buffer.from(stereo.subarray(0, 44));
  header.writeUInt32LE(36 + samples.length, 4);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}

/** An uploaded call with duration and waveform. */
export async function playableCall(
  request: APIRequestContext,
  call: Call,
  audio: Buffer,
  contentType?: string,
): Promise<string> {
  const id = await uploadCall(request, call, audio, contentType);
  await waitForWaveform(id);
  return id;
}
