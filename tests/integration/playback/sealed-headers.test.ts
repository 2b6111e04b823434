import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { databaseVault } from "@/lib/encryption-keys/database-vault";
import { provideDataKeyVault } from "@/lib/storage/envelope/data-key-vault";
import { audioOf } from "../../support/audio-fixtures";
import { workOff } from "../../support/background-jobs";
import { signedInAs } from "../../support/people";
import { bytesOf, grantOf, listen, sentUnder } from "../../support/playbacks";
import { phoneSystem, storedRecording } from "../../support/uploads";

process.env.RECORDING_ENCRYPTION = "envelope";
process.env.ENVELOPE_KEYS ??= `k1:${Buffer.alloc(32, 7).toString("base64")}`;

beforeAll(() => provideDataKeyVault(databaseVault()));

test.each([
  ["recorders/asterisk22-killed-sizes-zero.wav", "audio/wav", 44],
  ["formats/mulaw.ulaw", "audio/pcmu;rate=8000", 0],
])("a sealed recording is played behind its header, too: %s", async (name, contentType, skipped) => {
  const bytes = readFileSync(path.resolve(import.meta.dirname, "../../fixtures", name));
  const id = await storedRecording(await phoneSystem(), audioOf(path.basename(name), bytes, contentType));
  await workOff("waveform");
  const dpo = await signedInAs("dpo");
  const { url, grantId } = await grantOf(dpo, id);
  const part = await listen(dpo.headers.cookie!, url, { range: "bytes=0-1999" });
  const received = await bytesOf(part);
  const sound = received.indexOf("data") + 8;
  const servedBytes = sound + bytes.length - skipped;
  expect([part.status, part.headers.get("content-type")]).toEqual([206, "audio/wav"]);
  expect(part.headers.get("content-range")).toBe(`bytes 0-1999/${servedBytes}`);
  expect(received.readUInt32LE(4)).toBe(servedBytes - 8);
  expect(received.subarray(sound).equals(bytes.subarray(skipped, skipped + 2000 - sound))).toBe(true);
  expect(await sentUnder(grantId)).toEqual([[skipped, skipped + 2000 - sound]]);
});
