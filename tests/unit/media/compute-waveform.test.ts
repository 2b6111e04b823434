import { createReadStream } from "node:fs";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { describe, expect, it, vi } from "vitest";
import { computeWaveform, type WaveformResult } from "@/lib/media/compute-waveform";
import { DecodingWorker } from "@/lib/media/decoding-worker";
import {
  concat,
  fileOf,
  fixtureBytes,
  fixtureCalls,
  fixtureLike,
  fixturePath,
  noise,
  opusBomb,
  opusHead,
  oggPage,
  text,
  wav,
} from "./audio-samples";

const waveformOf = (bytes: Uint8Array, limits = {}) =>
  computeWaveform(
    fileOf(() => pieces(bytes), bytes.length),
    limits,
  );

/** The bytes in uneven pieces, so that no decoder may rely on where one ends. */
async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let offset = 0, size = 1; offset < bytes.length; offset += size, size = ((size * 7) % 9001) + 1)
    yield bytes.subarray(offset, offset + size);
}

function ready(result: WaveformResult) {
  if (result.kind !== "ready") throw new Error(`not ready: ${result.reason}`);
  const channel = (index: number) => result.peaks.filter((_, i) => i % result.channels === index);
  return { ...result, channel };
}

const sine = (seconds: number, level = 0.5) =>
  new Uint8Array(
    Int16Array.from({ length: seconds * 8000 }, (_, i) => Math.round(Math.sin(i / 3) * level * 32767)).buffer,
  );

describe("computeWaveform measures", () => {
  it.each(fixtureCalls)("$file", async ({ file, channels, durationMs }) => {
    const waveform = ready(await computeWaveform(fileOf(() => createReadStream(fixturePath(file)))));
    expect(waveform.channels).toBe(channels);
    expect(Math.abs(waveform.durationMs - durationMs)).toBeLessThanOrEqual(60);
    const buckets = waveform.peaks.length / channels;
    expect(buckets).toBeLessThanOrEqual(4000);
    expect(buckets).toBe(Math.ceil(durationMs / waveform.bucketMs));
    for (let index = 0; index < channels; index++) expect(Math.max(...waveform.channel(index))).toBeGreaterThan(80);
  });

  it.each(["wav-pcm-stereo", "wav-alaw-stereo", "mp3-stereo", "ogg-opus-stereo"])(
    "who speaks when, in %s",
    async (part) => {
      const waveform = ready(await waveformOf(fixtureBytes(fixtureLike(part).file)));
      const [agent, customer] = [waveform.channel(0), waveform.channel(1)];
      const alone = (one: Uint8Array, other: Uint8Array) => one.filter((peak, i) => peak > 80 && other[i]! < 12).length;
      expect(alone(agent, customer)).toBeGreaterThan(20);
      expect(alone(customer, agent)).toBeGreaterThan(20);
      // Every call has pauses, so that skipping silence has an effect.
      expect(agent.filter((peak, i) => peak < 6 && customer[i]! < 6).length).toBeGreaterThan(10);
    },
  );

  it("silence as zero and full scale as 255, each at its position", async () => {
    const second = new Uint8Array(16_000);
    const loud = new Uint8Array(Int16Array.from({ length: 8000 }, () => -32768).buffer);
    const waveform = ready(await waveformOf(wav(concat(second, loud, second))));
    expect(waveform).toMatchObject({ durationMs: 3000, bucketMs: 10 });
    expect([...waveform.peaks]).toEqual([...Array(100).fill(0), ...Array(100).fill(255), ...Array(100).fill(0)]);
  });

  const half = {
    pcm8: Uint8Array.from({ length: 8000 }, () => 192),
    float: new Uint8Array(new Float32Array(8000).fill(0.5).buffer),
  };
  it.each([
    ["8-bit", wav(half.pcm8, { bits: 8 })],
    ["16-bit, extensible", wav(new Uint8Array(new Int16Array(8000).fill(16384).buffer), { extensible: true })],
    [
      "24-bit",
      wav(
        Uint8Array.from({ length: 24_000 }, (_, i) => (i % 3 === 2 ? 0xc0 : 0)),
        { bits: 24 },
      ),
    ],
    ["32-bit", wav(new Uint8Array(new Int32Array(8000).fill(-(2 ** 30)).buffer), { bits: 32 })],
    ["float", wav(half.float, { code: 3, bits: 32 })],
    [
      "a chunk of odd size before",
      wav(half.float, {
        code: 3,
        bits: 32,
        before: concat(text("note"), Uint8Array.of(3, 0, 0, 0), new Uint8Array(4)),
      }),
    ],
  ])("WAV: %s", async (_, bytes) => {
    const waveform = ready(await waveformOf(bytes));
    expect(waveform.durationMs).toBe(1000);
    expect(new Set(waveform.peaks)).toEqual(new Set([128]));
  });

  it.each([0, 0xffffffff, 0xfffffff0])("a WAV that claims %d bytes up to its end", async (claimedSize) => {
    expect(ready(await waveformOf(wav(sine(2), { claimedSize }))).durationMs).toBe(2000);
  });

  it.each(["wav-pcm-stereo", "wav-mulaw-mono", "mp3-stereo", "ogg-opus-stereo"])(
    "a truncated file up to its end: %s",
    async (part) => {
      const { file, durationMs } = fixtureLike(part);
      const bytes = fixtureBytes(file);
      const waveform = ready(await waveformOf(bytes.subarray(0, Math.floor(bytes.length / 2) + 1)));
      expect(waveform.durationMs).toBeGreaterThan(durationMs * 0.3);
      expect(waveform.durationMs).toBeLessThan(durationMs * 0.7);
    },
  );
});

describe("computeWaveform, for rare formats", () => {
  it.each(["other-flac.flac", "other-vorbis.ogg", "other-flac.ogg"])("measures %s", async (file) => {
    const waveform = ready(await waveformOf(fixtureBytes(file)));
    expect(waveform.channels).toBe(2);
    expect(Math.abs(waveform.durationMs - 4000)).toBeLessThanOrEqual(60);
    expect(Math.max(...waveform.channel(0))).toBeGreaterThan(80);
  });
});

describe("computeWaveform refuses without failing", () => {
  const opusStart = oggPage([opusHead(1)], { flags: 2, granule: 0n, sequence: 0 });
  it.each<[string, Uint8Array, string]>([
    ["an empty file", new Uint8Array(0), "unsupported_codec"],
    ["random bytes", noise(100_000), "unsupported_codec"],
    ["a page of HTML", text("<html>".repeat(100)), "unsupported_codec"],
    ["GSM in a WAV", wav(new Uint8Array(650), { code: 0x31, bits: 0 }), "unsupported_codec"],
    ["a WAV without sound", wav(new Uint8Array(0)), "decode_error"],
    ["a WAV of 200 channels", wav(noise(4000), { channels: 200 }), "decode_error"],
    ["a WAV of 4 GHz", wav(noise(4000), { sampleRate: 4_000_000_000 }), "decode_error"],
    ["Ogg Opus with 255 channels", oggPage([opusHead(255)], { flags: 2, granule: 0n, sequence: 0 }), "decode_error"],
    ["random bytes behind an Opus header", concat(opusStart, noise(200_000)), "decode_error"],
    [
      "random bytes behind a FLAC header",
      concat(text("fLaC"), Uint8Array.of(0, 0, 0, 34), noise(200_000)),
      "decode_error",
    ],
  ])("%s", async (_, bytes, reason) => {
    expect(await waveformOf(bytes)).toMatchObject({ kind: "unavailable", reason });
  });

  it("a small file that decodes to days of silence", async () => {
    const bomb = opusBomb(6000);
    expect(bomb.length).toBeLessThan(5_000_000);
    expect(await waveformOf(bomb, { maximumDurationMs: 3 * 3_600_000 })).toEqual({
      kind: "unavailable",
      reason: "too_long",
      durationMs: null,
    });
  });

  it("sound above the maximum duration, but not at it", async () => {
    expect(await waveformOf(wav(sine(5)), { maximumDurationMs: 4999 })).toMatchObject({ reason: "too_long" });
    expect(await waveformOf(wav(sine(5)), { maximumDurationMs: 5000 })).toMatchObject({ kind: "ready" });
  });

  it("past the time limit, closing the file", async () => {
    let closed = false;
    async function* endless() {
      try {
        yield wav(sine(1), { claimedSize: 0xffffffff });
        for (;;) yield sine(1);
      } finally {
        closed = true;
      }
    }
    expect(await computeWaveform(fileOf(endless), { timeLimitMs: 1500, maximumDurationMs: Infinity })).toMatchObject({
      reason: "timed_out",
    });
    await vi.waitFor(() => expect(closed).toBe(true), { timeout: 20_000 });
  });

  it("a file whose store hangs", async () => {
    async function* hanging() {
      yield wav(sine(1), { claimedSize: 0xffffffff });
      await new Promise(() => undefined);
    }
    expect(await computeWaveform(fileOf(hanging), { timeLimitMs: 800 })).toMatchObject({ reason: "timed_out" });
  });

  it("a file above the memory limit", async () => {
    const { file } = fixtureLike("mp3-stereo");
    expect(await waveformOf(fixtureBytes(file), { memoryLimitMb: 1 })).toMatchObject({
      kind: "unavailable",
      reason: "out_of_memory",
    });
  });

  it("but throws when the file cannot be read", async () => {
    await expect(computeWaveform(fileOf(() => createReadStream("/nonexistent/call.wav")))).rejects.toThrow("ENOENT");
    // oxlint-disable-next-line require-yield -- it fails before its first bytes
    async function* broken(): AsyncGenerator<Uint8Array> {
      throw new Error("the store is gone");
    }
    await expect(computeWaveform(fileOf(broken))).rejects.toThrow("the store is gone");
    expect(await waveformOf(wav(sine(1)))).toMatchObject({ kind: "ready" });
  });

  it("to measure more than one file at a time", async () => {
    let open = 0;
    let most = 0;
    async function* counted() {
      most = Math.max(most, ++open);
      yield wav(sine(1));
      open--;
    }
    await Promise.all([
      computeWaveform(fileOf(counted)),
      computeWaveform(fileOf(counted)),
      computeWaveform(fileOf(counted)),
    ]);
    expect(most).toBe(1);
  });
});

describe("computeWaveform, with several recordings", () => {
  it("measures each independently of earlier ones", async () => {
    const silence = await waveformOf(wav(new Uint8Array(16_000)));
    const loud = wav(sine(1, 1));
    const first = await waveformOf(loud);
    expect(first.kind).toBe("ready");
    expect(await waveformOf(noise(5000))).toMatchObject({ kind: "unavailable" });
    expect(await waveformOf(loud)).toEqual(first);
    expect(ready(await waveformOf(fixtureBytes(fixtureLike("mp3-stereo").file))).channels).toBe(2);
    expect(await waveformOf(wav(new Uint8Array(16_000)))).toEqual(silence);
  });

  it("judges a file only by a new worker", async () => {
    await waveformOf(wav(sine(1)));
    let opened = 0;
    async function* broken() {
      opened++;
      yield wav(new Uint8Array(0));
    }
    expect(await computeWaveform(fileOf(broken))).toMatchObject({ reason: "decode_error" });
    expect(opened).toBe(2);
    expect(await computeWaveform(fileOf(broken))).toMatchObject({ reason: "decode_error" });
    expect(opened).toBe(3);
  });

  it("continues with a new worker when the idle one was killed", async () => {
    // A failure ends the idle worker.
    await waveformOf(noise(5000));
    const workers: Worker[] = [];
    const onWorker = (worker: Worker) => void workers.push(worker);
    process.on("worker", onWorker);
    const first = await waveformOf(wav(sine(1)));
    await workers[0]!.terminate();
    let opened = 0;
    const counted = () => ((opened += 1), pieces(wav(sine(1))));
    expect(await computeWaveform(fileOf(counted))).toEqual(first);
    // The dead one never asked for the file.
    expect([opened, workers.length]).toEqual([1, 2]);
    // Killed at the moment when it gets the next recording.
    const [, next] = await Promise.all([workers[1]!.terminate(), waveformOf(wav(sine(1)))]);
    expect(next).toEqual(first);
    process.off("worker", onWorker);
  });
});

describe("DecodingWorker survives a thread that", () => {
  const limits = {
    ...{ timeLimitMs: 20_000, workLimitMs: 20_000, memoryLimitMb: 64 },
    ...{ maximumDurationMs: 1000, maximumSamples: 1e9 },
  };
  const runWorker = async (name: string, timeLimitMs = limits.timeLimitMs) => {
    const worker = new DecodingWorker(join(import.meta.dirname, "hostile-workers", name));
    try {
      return await worker.measure(
        fileOf(() => pieces(noise(10))),
        { ...limits, timeLimitMs },
      );
    } finally {
      await worker.end();
    }
  };

  it("fills its heap", async () => expect(await runWorker("fill-heap.mjs")).toMatchObject({ reason: "out_of_memory" }));
  it("never returns", async () => expect(await runWorker("spin.mjs", 700)).toMatchObject({ reason: "timed_out" }));
  it("throws", async () => expect(await runWorker("throw.mjs")).toMatchObject({ reason: "decode_error" }));
  it("exits", async () => expect(await runWorker("leave.mjs")).toMatchObject({ reason: "decode_error" }));
  it("does not start, and throws", async () => expect(runWorker("missing.mjs")).rejects.toThrow("missing.mjs"));
});
