import { describe, expect, test } from "vitest";
import { parseByteRanges, rangesInTime } from "@/lib/playback/byte-ranges";
import { contentDisposition } from "@/lib/playback/content-disposition";
import { countBytesSent } from "@/lib/playback/sent-bytes";

const mebibyte = 1024 * 1024;

/** A source of chunks of one MiB that records whether it was closed. */
function source(chunks: number, failAt = Infinity) {
  const state = { pulled: 0, cancelled: false };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (state.pulled === failAt) throw new Error("the store went away");
        if (state.pulled === chunks) return controller.close();
        state.pulled += 1;
        controller.enqueue(new Uint8Array(mebibyte));
      },
      cancel: () => void (state.cancelled = true),
    },
    { highWaterMark: 0 },
  );
  return { stream, state };
}

function counted(stream: ReadableStream<Uint8Array>, start = 0) {
  const reports: [number, number][] = [];
  return {
    reports,
    reader: countBytesSent(
      stream,
      start,
      async ({ start: from, endExclusive }) => void reports.push([from, endExclusive]),
    ).getReader(),
  };
}

describe("sent bytes", () => {
  test("are reported every eight MiB and at the end, without a gap", async () => {
    const { reports, reader } = counted(source(18).stream, 100);
    while (!(await reader.read()).done);
    expect(reports).toEqual([
      [100, 100 + 8 * mebibyte],
      [100 + 8 * mebibyte, 100 + 16 * mebibyte],
      [100 + 16 * mebibyte, 100 + 18 * mebibyte],
    ]);
  });
  test("are recorded while at most as many more are sent", async () => {
    const written: PromiseWithResolvers<void>[] = [];
    const { stream, state } = source(64);
    const hold = () => {
      const writing = Promise.withResolvers<void>();
      written.push(writing);
      return writing.promise;
    };
    const reader = countBytesSent(stream, 0, hold).getReader();
    const readAll = (async () => {
      while (!(await reader.read()).done);
    })();
    const settle = async () => {
      for (let round = 0; round < 200; round += 1) await new Promise((resolve) => setImmediate(resolve));
    };
    await settle();
    expect([written.length, state.pulled]).toEqual([1, 16]);
    written[0]!.resolve();
    await settle();
    expect([written.length, state.pulled]).toEqual([2, 24]);
    written[1]!.resolve();
    await settle();
    const gone = reader.cancel();
    for (const writing of written) writing.resolve();
    await settle();
    for (const writing of written) writing.resolve();
    await Promise.allSettled([readAll, gone]);
    expect(state.cancelled).toBe(true);
  });
  test("end before a piece that the connection never took, and the source is closed", async () => {
    const { stream, state } = source(10);
    const { reports, reader } = counted(stream);
    await reader.read();
    await reader.read();
    await reader.cancel();
    expect(reports).toEqual([[0, mebibyte]]);
    expect(state).toEqual({ pulled: 2, cancelled: true });
  });
  test("are reported when the store fails in the middle", async () => {
    const { reports, reader } = counted(source(10, 3).stream);
    await expect(
      (async () => {
        while (!(await reader.read()).done);
      })(),
    ).rejects.toThrow("went away");
    expect(reports).toEqual([[0, 3 * mebibyte]]);
  });
  test("are zero when nothing was read", async () => {
    const { reports, reader } = counted(source(10).stream);
    await reader.cancel();
    expect(reports).toEqual([]);
  });
  test("are not reported for an empty source", async () => {
    const { reports, reader } = counted(source(0).stream);
    expect((await reader.read()).done).toBe(true);
    expect(reports).toEqual([]);
  });
});

describe("byte ranges as parts of the call", () => {
  test.each([
    ["{}", []],
    [
      "{[0,1024),[4096,8192)}",
      [
        [0, 1024],
        [4096, 8192],
      ],
    ],
    ["{[0,9007199254740991)}", [[0, 9_007_199_254_740_991]]],
  ])("%s", (text, ranges) => expect(parseByteRanges(text)).toEqual(ranges));
  const probeAndHalf: [number, number][] = [
    [0, 2],
    [500, 1000],
  ];

  test("are shares of the duration; a probe of two bytes is not playback", () => {
    const file = { sizeBytes: 1000, durationMs: 60_000, offsets: null };
    expect(rangesInTime(probeAndHalf, file)).toEqual([{ startMs: 30_000, endMs: 60_000 }]);
    expect(rangesInTime([[0, 1000]], { ...file, durationMs: null })).toEqual([]);
  });

  test("are where the sound lies in the bytes, if that is known", () => {
    const file = { sizeBytes: 1000, durationMs: 60_000, offsets: [100, 400, 500, 900] };
    expect(rangesInTime(probeAndHalf, file)).toEqual([{ startMs: 40_000, endMs: 60_000 }]);
    expect(rangesInTime([[0, 250]], file)).toEqual([{ startMs: 0, endMs: 10_000 }]);
    expect(rangesInTime([[0, 100]], file)).toEqual([]);
    expect(rangesInTime([[900, 1000]], file)).toEqual([]);
  });
});

test.each([
  ["play", "audio/wav", "inline"],
  ["download", "audio/mp4", 'attachment; filename="id.m4a"'],
  ["download", "audio/ogg", 'attachment; filename="id.ogg"'],
  ["download", "text/html", 'attachment; filename="id.bin"'],
] as const)("%s of %s: %s", (kind, type, expected) => expect(contentDisposition(kind, "id", type)).toBe(expected));

test("stops sending when the report forbids more", async () => {
  const { stream, state } = source(64);
  const reader = countBytesSent(stream, 0, async () => false).getReader();
  let received = 0;
  const readAll = async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) received += part.value.byteLength;
  };
  await expect(readAll()).rejects.toThrow("the grant allows no more bytes");
  expect(received).toBeGreaterThanOrEqual(8 * mebibyte);
  expect(received).toBeLessThanOrEqual(16 * mebibyte);
  expect(state.cancelled).toBe(true);
});
