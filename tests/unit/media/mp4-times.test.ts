import { describe, expect, it } from "vitest";
import { computeWaveform } from "@/lib/media/compute-waveform";
import { concat, fileOf, fixtureBytes, mp4, noise } from "./audio-samples";

/** A file in pieces, from any offset; counts how often it is opened. */
function storedFile(bytes: Uint8Array) {
  const opened: number[] = [];
  const file = fileOf(async function* (from) {
    opened.push(from);
    for (let offset = from; offset < bytes.length; offset += 3000) yield bytes.subarray(offset, offset + 3000);
  }, bytes.length);
  return { file, opened };
}

const measure = (bytes: Uint8Array, limits = {}) => computeWaveform(storedFile(bytes).file, limits);
const recorded = fixtureBytes("fmt-mp4-opus-mediarecorder.mp4");

describe("computeWaveform takes the times of an MP4 from its tracks", () => {
  it.each([
    ["AAC, without what the encoder put in front", "other-aac.m4a", 4000],
    ["AAC, with the index at the end", "fmt-aac-index-last.m4a", 6000],
  ])("%s", async (_, name, durationMs) => {
    // AAC is not decoded here.
    expect(await measure(fixtureBytes(name))).toEqual({
      kind: "unavailable",
      reason: "unsupported_codec",
      durationMs,
    });
  });

  it("draws Opus in the fragments of a browser's recorder, whose header has no duration", async () => {
    const waveform = await measure(recorded);
    expect(waveform).toMatchObject({ kind: "ready", channels: 1, durationMs: 3920, playbackHead: null });
    if (waveform.kind !== "ready") throw new Error("not ready");
    const heard = [...waveform.peaks.subarray(20, 380)];
    expect(Math.min(...heard)).toBeGreaterThan(60);
  });

  it("ends sound above the maximum duration", async () => {
    expect(await measure(recorded, { maximumDurationMs: 1000 })).toMatchObject({ reason: "too_long" });
  });

  it.each<[string, Uint8Array]>([
    ["cut in a fragment", recorded.subarray(0, 9000)],
    ["without an index", mp4("M4A ", ["soun"])],
    ["of which only the beginning is MP4", concat(recorded.subarray(0, 700), noise(20_000))],
    ["whose index claims gigabytes", withSize(fixtureBytes("fmt-aac-index-last.m4a"), "moov", 0x7fffffff)],
    ["whose table claims millions of entries", withSize(fixtureBytes("other-aac.m4a"), "stsz", 0x00ffffff, 12)],
    ["whose boxes have no size", withSize(recorded, "moof", 0)],
  ])("ends with a file %s", async (_, bytes) => {
    const waveform = await measure(bytes, { timeLimitMs: 20_000 });
    expect(waveform.kind === "ready" ? "ready" : waveform.reason).not.toBe("timed_out");
  });

  it("opens the file only where something begins", async () => {
    const { file, opened } = storedFile(fixtureBytes("fmt-aac-index-last.m4a"));
    await computeWaveform(file);
    expect(opened.length).toBeLessThanOrEqual(4);
  });
});

/** A file with another number at an offset from a box's name; by default the size before it. */
function withSize(file: Uint8Array, name: string, value: number, offset = -4): Uint8Array {
  const changed = file.slice();
  const at = Buffer.from(changed).indexOf(name) + offset;
  new DataView(changed.buffer).setUint32(at, value);
  return changed;
}
