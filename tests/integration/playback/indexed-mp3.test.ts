import { beforeAll, describe, expect, test } from "vitest";
import { audio } from "../../support/audio-fixtures";
import { signedInAs, type SignedIn } from "../../support/people";
import { bytesOf, grantOf, listen, sentUnder, statusOf } from "../../support/playbacks";
import { call } from "../../support/portal";
import { phoneSystem, problemOf, recordingRow, refusal, storedRecording } from "../../support/uploads";
import { workOff } from "../../support/background-jobs";

const file = audio("fmt-mp3-vbr-no-xing-8k.mp3");
let dpo: SignedIn;
let recordingId: string;
let earlier: { url: string; grantId: string };

beforeAll(async () => {
  recordingId = await storedRecording(await phoneSystem(), file);
  dpo = await signedInAs("dpo");
  earlier = await grantOf(dpo, recordingId);
  await workOff("waveform");
  expect(await recordingRow(recordingId)).toMatchObject({ waveformState: "ready", durationMs: 20_160 });
});

describe("an MP3 with a variable bit rate", () => {
  test("is played as an MP4 around the same bytes", async () => {
    const { url, grantId } = await grantOf(dpo, recordingId);
    const whole = await listen(dpo.headers.cookie!, url);
    const bytes = await bytesOf(whole);
    expect([whole.status, whole.headers.get("content-type")]).toEqual([200, "audio/mp4"]);
    expect(Number(whole.headers.get("content-length"))).toBe(bytes.length);
    expect(bytes.subarray(4, 8).toString()).toBe("ftyp");
    expect(bytes.subarray(bytes.length - file.sizeBytes).equals(file.bytes)).toBe(true);
    expect(await sentUnder(grantId)).toEqual([[0, file.sizeBytes]]);
  });

  test("answers any range of it; only bytes of the recording count as sent", async () => {
    const { url, grantId } = await grantOf(dpo, recordingId);
    const whole = await bytesOf(await listen(dpo.headers.cookie!, url));
    const headBytes = whole.length - file.sizeBytes;
    const other = await grantOf(dpo, recordingId);
    for (const [from, to] of [
      [0, 1],
      [10, headBytes - 1],
      [headBytes - 5, headBytes + 99],
      [headBytes + 4000, headBytes + 4999],
    ] as const) {
      const part = await listen(dpo.headers.cookie!, other.url, { range: `bytes=${from}-${to}` });
      expect([part.status, part.headers.get("content-range")]).toEqual([206, `bytes ${from}-${to}/${whole.length}`]);
      expect((await bytesOf(part)).equals(whole.subarray(from, to + 1))).toBe(true);
    }
    expect(await sentUnder(other.grantId)).toEqual([
      [0, 100],
      [4000, 5000],
    ]);
    expect(grantId).not.toBe(other.grantId);
    const beyond = await listen(dpo.headers.cookie!, other.url, { range: `bytes=${whole.length}-` });
    expect([beyond.status, beyond.headers.get("content-range")]).toEqual([416, `bytes */${whole.length}`]);
  });

  test("stays what it was under a grant from before its measurement", async () => {
    const answered = await listen(dpo.headers.cookie!, earlier.url);
    expect(answered.headers.get("content-type")).toBe("audio/mpeg");
    expect((await bytesOf(answered)).equals(file.bytes)).toBe(true);
  });

  test("has another entity tag than the file", async () => {
    const { url } = await grantOf(dpo, recordingId);
    const tagOf = async (link: string) => (await call("HEAD", link, { headers: dpo.headers })).headers.get("etag");
    const [indexed, plain] = [await tagOf(url), await tagOf(earlier.url)];
    expect(indexed).not.toBe(plain);
    const range = "bytes=0-9";
    const statusIf = async (tag: string) =>
      statusOf(await listen(dpo.headers.cookie!, url, { range, "if-range": tag }));
    expect([await statusIf(indexed!), await statusIf(plain!)]).toEqual([206, 200]);
  });

  test("is downloaded as it was stored", async () => {
    const { url } = await grantOf(dpo, recordingId, "download");
    const answered = await listen(dpo.headers.cookie!, url);
    expect(answered.headers.get("content-type")).toBe("audio/mpeg");
    expect((await bytesOf(answered)).equals(file.bytes)).toBe(true);
  });

  test("keeps its head from other sessions", async () => {
    const { url } = await grantOf(dpo, recordingId);
    const other = await signedInAs("dpo");
    const refused = await listen(other.headers.cookie!, url, { range: "bytes=0-9" });
    expect(await problemOf(refused)).toMatchObject(refusal(403, "forbidden"));
  });
});
