import { open, stat, truncate, unlink } from "node:fs/promises";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { env } from "@/lib/core/env";
import { objectPath } from "@/lib/storage/disk/disk-layout";
import { audio } from "../../support/audio-fixtures";
import { signedInAs, type SignedIn } from "../../support/people";
import { bytesOf, grantOf, listen, sentUnder } from "../../support/playbacks";
import { call } from "../../support/portal";
import {
  eventsAbout,
  phoneSystem,
  problemOf,
  recordingRow,
  storedRecording,
  type PhoneSystem,
} from "../../support/uploads";

let system: PhoneSystem;
let supervisor: SignedIn;
const file = audio("call-35-ogg-opus-stereo.opus");

beforeAll(async () => {
  system = await phoneSystem();
  supervisor = await signedInAs("supervisor", [system.unitId]);
});

async function stored() {
  const recordingId = await storedRecording(system, file);
  const settings = env();
  if (settings.STORE !== "disk") throw new Error("these tests look into the folder of a disk store");
  const path = objectPath(settings.DISK_STORE_PATH, (await recordingRow(recordingId)).objectKey!);
  const { url, grantId } = await grantOf(supervisor, recordingId);
  return { recordingId, path, url, grantId };
}

async function flipBit(path: string, fromEnd: number): Promise<void> {
  const { size } = await stat(path);
  const handle = await open(path, "r+");
  const byte = Buffer.alloc(1);
  await handle.read(byte, 0, 1, size - fromEnd);
  byte[0]! ^= 1;
  await handle.write(byte, 0, 1, size - fromEnd);
  await handle.close();
}

const refusals = async (recordingId: string) =>
  (await eventsAbout(recordingId)).filter(({ action }) => action === "recording.playback_refused");

describe("a damaged recording is refused, with an event", () => {
  test.each<[string, (path: string) => Promise<void>, string]>([
    ["one bit of the header", async (path) => flipBit(path, (await stat(path)).size - 20), "integrity"],
    ["one bit of the part asked for", (path) => flipBit(path, 30), "integrity"],
    ["the end cut off", async (path) => truncate(path, (await stat(path)).size - 1000), "integrity"],
    ["the file gone", unlink, "not_found"],
  ])("%s", async (_, damage, code) => {
    const { recordingId, path, url, grantId } = await stored();
    expect((await bytesOf(await listen(supervisor.cookie, url))).equals(file.bytes)).toBe(true);
    await damage(path);
    const answered = await listen(supervisor.cookie, url, {
      range: `bytes=${file.sizeBytes - 100}-${file.sizeBytes - 1}`,
    });
    // Damage inside the range is found when the stream reaches it; the response then breaks off.
    if (answered.status === 206) await expect(bytesOf(answered)).rejects.toThrow();
    else expect(await problemOf(answered)).toMatchObject({ status: 500, code: "recording_damaged" });
    await vi.waitFor(
      async () =>
        expect(await refusals(recordingId)).toMatchObject([{ outcome: "failure", details: { grantId, code } }]),
      { timeout: 20_000 },
    );
    // The player's check after its audio element failed: the same code, and no second event.
    expect(await problemOf(await listen(supervisor.cookie, url, { range: "bytes=0-0" }))).toMatchObject({
      status: 500,
      code: "recording_damaged",
    });
    expect(await refusals(recordingId)).toHaveLength(1);
  });

  test("HEAD reports what GET would, and neither counts as sent", async () => {
    const { path, url, grantId } = await stored();
    const head = () => call("HEAD", url, { headers: { cookie: supervisor.cookie } });
    expect((await head()).status).toBe(200);
    await unlink(path);
    expect((await head()).status).toBe(500);
    expect(await sentUnder(grantId)).toEqual([]);
  });
});
