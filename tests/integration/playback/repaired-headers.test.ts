import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readPlayability } from "@/lib/playback/read-playability";
import { person } from "../../support/actors";
import { audio, audioOf, type Audio } from "../../support/audio-fixtures";
import { workOff } from "../../support/background-jobs";
import { signedInAs, type SignedIn } from "../../support/people";
import { askGrant, bytesOf, grantOf, listen, sentUnder } from "../../support/playbacks";
import { call } from "../../support/portal";
import {
  phoneSystem,
  problemOf,
  recordingRow,
  refusal,
  storedRecording,
  type PhoneSystem,
} from "../../support/uploads";

const file = (name: string, contentType: string): Audio =>
  audioOf(path.basename(name), readFileSync(path.resolve(import.meta.dirname, "../../fixtures", name)), contentType);

const killed = file("recorders/asterisk22-killed-sizes-zero.wav", "audio/wav");
const rf64 = file("recorders/fmt-rf64-3s.wav", "audio/wav");
const mulaw = file("formats/mulaw.ulaw", "audio/pcmu;rate=8000");
const slin = file("formats/slin.sln", "audio/l16;rate=8000;channels=1;endianness=little-endian");
const au = file("formats/alaw.au", "audio/basic");

let system: PhoneSystem;
let dpo: SignedIn;

beforeAll(async () => {
  system = await phoneSystem();
  dpo = await signedInAs("dpo");
});

async function measured(recording: Audio): Promise<string> {
  const id = await storedRecording(system, recording);
  await workOff("waveform");
  expect(await recordingRow(id)).toMatchObject({ waveformState: "ready" });
  return id;
}

const dataOffset = (bytes: Buffer) => bytes.indexOf("data") + 8;

describe("a recording that browsers play only behind another header", () => {
  test.each<[string, Audio, number]>([
    ["a WAV of a killed Asterisk", killed, dataOffset(killed.bytes)],
    ["RF64", rf64, dataOffset(rf64.bytes)],
    ["raw G.711", mulaw, 0],
    ["raw SLIN", slin, 0],
    ["A-law in .au", au, au.bytes.readUInt32BE(4)],
  ])("%s is a right WAV at the gateway, and any range of it", async (_, recording, skipped) => {
    const id = await measured(recording);
    const { url, grantId } = await grantOf(dpo, id);
    const whole = await listen(dpo.headers.cookie!, url);
    const bytes = await bytesOf(whole);
    expect([whole.status, whole.headers.get("content-type")]).toEqual([200, "audio/wav"]);
    expect(Number(whole.headers.get("content-length"))).toBe(bytes.length);
    const sound = dataOffset(bytes);
    expect([bytes.subarray(0, 4).toString(), bytes.readUInt32LE(4)]).toEqual(["RIFF", bytes.length - 8]);
    expect(bytes.readUInt32LE(sound - 4)).toBe(bytes.length - sound);
    expect(bytes.subarray(sound).equals(recording.bytes.subarray(skipped))).toBe(true);
    expect(await sentUnder(grantId)).toEqual([[skipped, recording.sizeBytes]]);

    const other = await grantOf(dpo, id);
    const last = bytes.length - 1;
    for (const [range, from, to] of [
      ["bytes=0-", 0, last],
      ["bytes=0-9", 0, 9],
      [`bytes=${sound - 4}-${sound + 99}`, sound - 4, sound + 99],
      ["bytes=2000-2999", 2000, 2999],
      ["bytes=-100", last - 99, last],
      [`bytes=${last}-${last + 100}`, last, last],
    ] as const) {
      const part = await listen(dpo.headers.cookie!, other.url, { range });
      expect([part.status, part.headers.get("content-range")]).toEqual([206, `bytes ${from}-${to}/${bytes.length}`]);
      expect((await bytesOf(part)).equals(bytes.subarray(from, to + 1))).toBe(true);
    }
    const behind = await listen(dpo.headers.cookie!, other.url, { range: `bytes=${bytes.length}-` });
    expect([behind.status, behind.headers.get("content-range")]).toEqual([416, `bytes */${bytes.length}`]);
  });

  test("a WAV of two channels that says one is a right stereo WAV, if its sender says so", async () => {
    const stereo = audio("call-02-wav-pcm-stereo.wav");
    const bytes = Buffer.from(stereo.bytes);
    bytes.writeUInt16LE(1, 22);
    bytes.writeUInt32LE(bytes.readUInt32LE(28) / 2, 28);
    bytes.writeUInt16LE(2, 32);
    const [declared, undeclared] = [
      await measured(audioOf("both.wav", bytes, "audio/wav; channels=2")),
      await measured(audioOf("mono.wav", bytes.subarray(0, bytes.length - 4), "audio/wav")),
    ];
    const { durationMs } = await recordingRow(await measured(stereo));
    expect(await recordingRow(declared)).toMatchObject({
      contentType: "audio/wav;channels=2",
      durationMs,
      channels: 2,
    });
    const played = await bytesOf(await listen(dpo.headers.cookie!, (await grantOf(dpo, declared)).url));
    expect(played.equals(stereo.bytes)).toBe(true);
    const downloaded = await grantOf(dpo, declared, "download");
    expect((await bytesOf(await listen(dpo.headers.cookie!, downloaded.url))).equals(bytes)).toBe(true);
    expect(await recordingRow(undeclared)).toMatchObject({ contentType: "audio/wav", channels: 1 });
    expect((await recordingRow(undeclared)).durationMs).toBeGreaterThan(durationMs! * 1.9);
  });

  test("counts as sent only the stored bytes of a range, where they lie in the stored file", async () => {
    const id = await measured(killed);
    const { url, grantId } = await grantOf(dpo, id);
    const skipped = dataOffset(killed.bytes);
    await bytesOf(await listen(dpo.headers.cookie!, url, { range: "bytes=0-43" }));
    expect(await sentUnder(grantId)).toEqual([]);
    await bytesOf(await listen(dpo.headers.cookie!, url, { range: "bytes=144-243" }));
    expect(await sentUnder(grantId)).toEqual([[skipped + 100, skipped + 200]]);
  });

  test("is downloaded as it was stored", async () => {
    for (const recording of [rf64, mulaw]) {
      const { url, grantId } = await grantOf(dpo, await measured(recording), "download");
      const answered = await listen(dpo.headers.cookie!, url);
      expect(answered.headers.get("content-type")).toBe(recording.contentType);
      expect((await bytesOf(answered)).equals(recording.bytes)).toBe(true);
      expect(await sentUnder(grantId)).toEqual([[0, recording.sizeBytes]]);
    }
  });

  test("has another entity tag than the stored file", async () => {
    const id = await measured(rf64);
    const tagOf = async (link: string) => (await call("HEAD", link, { headers: dpo.headers })).headers.get("etag");
    const played = await tagOf((await grantOf(dpo, id)).url);
    expect(played).not.toBe(await tagOf((await grantOf(dpo, id, "download")).url));
  });

  test("without any header makes no grant before its head is made, and the page says so", async () => {
    const id = await storedRecording(system, mulaw);
    const { context } = await person("dpo");
    expect(await problemOf(await askGrant(dpo.headers, id))).toMatchObject(refusal(409, "playable_copy_missing"));
    expect(await readPlayability(context, { recordingId: id })).toMatchObject({
      plays: "nothing",
      codec: "G.711 µ-law",
      reason: "preparing",
    });
    await workOff("waveform");
    expect(await readPlayability(context, { recordingId: id })).toEqual({ plays: "original" });
  });
});

test("a WAV with a right header is served byte for byte as it is stored", async () => {
  const right = audio("call-04-wav-pcm-mono.wav");
  const { url, grantId } = await grantOf(dpo, await measured(right));
  const whole = await listen(dpo.headers.cookie!, url);
  expect(whole.headers.get("content-length")).toBe(String(right.sizeBytes));
  expect((await bytesOf(whole)).equals(right.bytes)).toBe(true);
  expect(await sentUnder(grantId)).toEqual([[0, right.sizeBytes]]);
});
