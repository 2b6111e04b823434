import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { configuredStore } from "@/lib/storage/configured-store";
import { anHourAgo } from "../../support/at-date";
import { audio, audioOf, type Audio } from "../../support/audio-fixtures";
import { workOff } from "../../support/background-jobs";
import { signedInAs, type SignedIn } from "../../support/people";
import { bytesOf, grantOf, listen, sentUnder } from "../../support/playbacks";
import { call } from "../../support/portal";
import { phoneSystem, problemOf, refusal, storedRecording } from "../../support/uploads";

let dpo: SignedIn;
let recordingId: string;
let file: Audio;

beforeAll(async () => {
  process.env.PLAYBACK_DELIVERY = "presigned";
  file = audio("call-20-mp3-mono.mp3");
  recordingId = await storedRecording(await phoneSystem(), file);
  dpo = await signedInAs("dpo");
});

test("the store's link answers ranges for a minute, and no byte passes the portal's gateway", async () => {
  const grant = await grantOf(dpo, recordingId);
  expect(grant.delivery).toBe("presigned");
  expect(new URL(grant.url).pathname).toMatch(/^\/api\/store\/recordings\//);
  expect(Date.parse(grant.expiresAt) - Date.now()).toBeLessThanOrEqual(61_000);
  const whole = await call("GET", grant.url);
  expect([whole.status, whole.headers.get("content-type"), whole.headers.get("content-disposition")]).toEqual([
    200,
    "audio/mpeg",
    "inline",
  ]);
  expect((await bytesOf(whole)).equals(file.bytes)).toBe(true);
  const part = await call("GET", grant.url, { headers: { range: "bytes=1000-1999" } });
  expect(part.status).toBe(206);
  expect((await bytesOf(part)).equals(file.bytes.subarray(1000, 2000))).toBe(true);
  expect(await sentUnder(grant.grantId)).toEqual([]);
});

const recorder = (name: string, contentType: string) =>
  audioOf(name, readFileSync(path.resolve(import.meta.dirname, "../../fixtures", name)), contentType);

test.each([
  audio("fmt-mp3-vbr-no-xing-8k.mp3"),
  recorder("recorders/asterisk22-killed-sizes-zero.wav", "audio/wav"),
  recorder("formats/mulaw.ulaw", "audio/pcmu;rate=8000"),
])("what needs a head in front is played through the gateway, and downloaded from the store: $name", async (needy) => {
  const variable = await storedRecording(await phoneSystem(), needy);
  await workOff("waveform");
  expect((await grantOf(dpo, variable)).delivery).toBe("gateway");
  expect((await grantOf(dpo, variable, "download")).delivery).toBe("presigned");
});

test("a download has the recording's id as its file name", async () => {
  const { url } = await grantOf(dpo, recordingId, "download");
  expect((await call("HEAD", url)).headers.get("content-disposition")).toBe(
    `attachment; filename="${recordingId}.mp3"`,
  );
});

test.each([
  ["a later end", (url: URL) => url.searchParams.set("expires", String(Number(url.searchParams.get("expires")) + 60))],
  ["another file name", (url: URL) => url.searchParams.set("disposition", "attachment; filename=x.html")],
  ["another type", (url: URL) => url.searchParams.set("type", "text/html")],
  ["the direction of an upload", (url: URL) => url.searchParams.set("operation", "put")],
])("a link with %s is refused", async (_, alter) => {
  const url = new URL((await grantOf(dpo, recordingId)).url);
  alter(url);
  expect(await problemOf(await listen(null, url.href))).toMatchObject(refusal(403, "forbidden"));
});

test("an expired link is refused", async () => {
  const key = decodeURIComponent(new URL((await grantOf(dpo, recordingId)).url).pathname.slice("/api/store/".length));
  const { url } = await anHourAgo(() => configuredStore().signDownload({ key, expiresInSeconds: 60 }));
  expect(await problemOf(await call("GET", url))).toMatchObject(refusal(410, "expired"));
});

test("the grant's own address at the gateway still answers its session only", async () => {
  const { grantId } = await grantOf(dpo, recordingId);
  expect(await problemOf(await listen(null, `/api/playback/${grantId}`))).toMatchObject(
    refusal(401, "unauthenticated"),
  );
});
