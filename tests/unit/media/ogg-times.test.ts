import { describe, expect, it } from "vitest";
import { computeWaveform } from "@/lib/media/compute-waveform";
import { concat, fileOf, fixtureBytes, fixtureLike, noise } from "./audio-samples";

/** The pages of an Ogg file, changed by `change`; null drops a page. Checksums stay as they were. */
function changePages(file: Uint8Array, change: (granule: bigint, index: number) => bigint | null): Uint8Array {
  const pages: Uint8Array[] = [];
  for (let offset = 0; offset < file.length; offset += pages.at(-1)!.length) {
    const segments = file[offset + 26]!;
    const body = file.subarray(offset + 27, offset + 27 + segments).reduce((sum, size) => sum + size, 0);
    pages.push(file.slice(offset, offset + 27 + segments + body));
  }
  const changed = pages.map((page, index) => {
    const view = new DataView(page.buffer);
    const granule = change(view.getBigInt64(6, true), index);
    if (granule !== null) view.setBigInt64(6, granule, true);
    return granule === null ? new Uint8Array(0) : page;
  });
  return concat(...changed);
}

async function waveformOf(bytes: Uint8Array) {
  const result = await computeWaveform(
    fileOf(async function* () {
      for (let offset = 0; offset < bytes.length; offset += 5000) yield bytes.subarray(offset, offset + 5000);
    }),
  );
  if (result.kind !== "ready") throw new Error(`not ready: ${result.reason}`);
  return result;
}

const opus = fixtureBytes(fixtureLike("33-ogg-opus-mono").file);
/** Of the first page with sound: the two before it are headers. */
const firstSound = 2;
const second = 48_000n;

describe("computeWaveform takes the times of an Ogg file from its pages", () => {
  it("ends with the last whole page of a file that was cut", async () => {
    const cut = fixtureBytes("asterisk22-vorbis-cut-no-eos.ogg");
    const { durationMs } = await waveformOf(cut);
    // The page that was cut says 12 160 ms, the one before it 10 656 ms.
    expect(durationMs).toBeGreaterThan(10_600);
    expect(durationMs).toBeLessThanOrEqual(10_656);
  });

  it.each([1, 26, 400, 900])("ignores %d bytes of a page at the end", async (length) => {
    const whole = await waveformOf(opus);
    const page = opus.subarray(opus.lastIndexOf(0x4f));
    const rest = concat(page, noise(1000)).slice(0, length);
    rest.set(new TextEncoder().encode("OggS").subarray(0, length));
    expect((await waveformOf(concat(opus, rest))).durationMs).toBe(whole.durationMs);
  });

  it("measures both streams of a chained file", async () => {
    expect((await waveformOf(fixtureBytes("fmt-opus-chained.opus"))).durationMs).toBe(20_000);
  });

  it("draws silence where pages were lost", async () => {
    const whole = await waveformOf(opus);
    const holed = await waveformOf(changePages(opus, (granule, i) => (i >= 10 && i < 20 ? null : granule)));
    const lost = holed.peaks.subarray(900, 1700);
    expect(holed.durationMs).toBe(whole.durationMs);
    expect(Math.max(...lost)).toBe(0);
    expect(holed.peaks.subarray(1900)).toEqual(whole.peaks.subarray(1900));
  });

  it("draws silence before a first page that comes late", async () => {
    const whole = await waveformOf(opus);
    const late = await waveformOf(
      changePages(opus, (granule, i) => (i < firstSound ? granule : granule + 30n * second)),
    );
    expect(late.durationMs).toBe(whole.durationMs + 30_000);
    expect(Math.max(...late.peaks.subarray(0, Math.floor(29_900 / late.bucketMs)))).toBe(0);
  });

  it("ends within the last page where that page says", async () => {
    const whole = await waveformOf(opus);
    const last = changePages(opus, (granule) => granule);
    const trimmed = changePages(last, (granule, i) =>
      Number(granule) > 0 && Math.abs(Number(granule) / 48 - whole.durationMs) < 10 && i > firstSound
        ? granule - second / 10n
        : granule,
    );
    expect((await waveformOf(trimmed)).durationMs).toBe(whole.durationMs - 100);
  });

  it("ignores times that no recording can have", async () => {
    const whole = await waveformOf(opus);
    const damaged = changePages(opus, (granule, i) => (i === 12 ? 2n ** 60n : granule));
    expect((await waveformOf(damaged)).durationMs).toBe(whole.durationMs);
  });
});
