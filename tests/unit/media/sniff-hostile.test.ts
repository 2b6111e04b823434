import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { audioCodecs } from "@/lib/core/audio-codecs";
import { refusedForms } from "@/lib/core/refused-forms";
import { isThorough } from "../../support/seeds";
import { concat, noise } from "./audio-samples";
import { fixture, sniffCounted } from "./sniffed-files";

const latin = (value: string) => new Uint8Array(Buffer.from(value, "latin1"));

const starts = [
  ...["", "RIFF\0\0\0\0WAVEfmt ", "RIFF\0\0\0\0WAVE", "RF64\0\0\0\0WAVEds64", "BW64\0\0\0\0WAVE", "OggS\0\x02"],
  ...["\0\0\0\x20ftypisom", "\0\0\0\x10ftypM4A \0\0\0\0\0\0\0\x01moov", "\0\0\0\x08ftyp\0\0\0\0moov\0\0\0\0trak"],
  ...["\x1a\x45\xdf\xa3\x87\x42\x82\x84webm\x18\x53\x80\x67\xff\x16\x54\xae\x6b", ".snd\0\0\0\x20", "fLaC\0\0\0\x22"],
  ...["ID3\x03\0\0", "ID3\x04\0\0\0\0\0\0", "#!AMR\n", "#!AMR_MC1.0\n", "\xff\xfb\x10", "\xff\xf1\x50", "BM", "MZ"],
].map(latin);

const declared = [
  "",
  "audio/basic",
  "audio/l16;rate=8000",
  "audio/l16;rate=48000;channels=2",
  "audio/gsm",
  "audio/g722",
];

const folders = ["formats", "recorders"];
const files = folders.flatMap((folder) =>
  readdirSync(path.resolve(import.meta.dirname, "../../fixtures", folder)).map((name) => `${folder}/${name}`),
);
const rounds = isThorough ? 200 : 5;

/** Never throws, never reads without end, and answers what the tables have. */
async function expectKnown(bytes: Uint8Array, type: string): Promise<void> {
  const { found, reads } = await sniffCounted(bytes, type);
  expect(reads.length).toBeLessThanOrEqual(20);
  if (typeof found === "string") expect(refusedForms).toContain(found);
  else expect(Object.keys(audioCodecs)).toContain(found.codec);
}

describe("sniffAudio answers for any bytes", () => {
  it("random ones, behind every beginning", async () => {
    for (let seed = 1; seed <= rounds; seed++)
      for (const start of starts)
        for (const type of declared)
          await expectKnown(concat(start, noise(seed * 37 + (seed % 3 === 0 ? 80_000 : 0), seed)), type);
  });

  it("random ones alone are no audio", async () => {
    for (let seed = 1; seed <= 20 * rounds; seed++)
      expect((await sniffCounted(noise(40 + seed * 30, seed * 7919))).found).toBe("unknown");
  });

  it.each(files)("%s, cut and altered", async (file) => {
    const bytes = fixture(file);
    for (let seed = 1; seed <= rounds; seed++) {
      const random = noise(64, seed * 31);
      await expectKnown(bytes.subarray(0, (random[0]! * 256 + random[1]!) % bytes.length), declared[seed % 6]!);
      const altered = Uint8Array.from(bytes);
      for (let at = 2; at < 40; at += 2) altered[(random[at]! * 7) % Math.min(bytes.length, 1500)] = random[at + 1]!;
      await expectKnown(altered, declared[seed % 6]!);
    }
  });
});
