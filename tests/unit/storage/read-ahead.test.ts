import { setImmediate as tick } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { readAhead } from "@/lib/storage/read-ahead";

const piece = (size: number, value = 1) => new Uint8Array(size).fill(value);

/** A source that records how far it was read and whether it was closed. */
function watched(pieces: readonly Uint8Array[], failure?: Error) {
  const seen = { read: 0, closed: false };
  async function* source() {
    try {
      for (const next of pieces) {
        seen.read += 1;
        yield next;
      }
      if (failure) throw failure;
    } finally {
      seen.closed = true;
    }
  }
  return { seen, source: source() };
}

async function settle() {
  for (let round = 0; round < 50; round += 1) await tick();
}

describe("readAhead", () => {
  it("gives the same bytes in the same order", async () => {
    const pieces = Array.from({ length: 100 }, (_, index) => piece((index * 7919) % 65_536, index));
    const out: Uint8Array[] = [];
    for await (const next of readAhead(watched(pieces).source)) out.push(next);
    expect(Buffer.concat(out).equals(Buffer.concat(pieces))).toBe(true);
  });

  it("joins the pieces that arrived while the reader was busy, up to its limit", async () => {
    const { seen, source } = watched(Array.from({ length: 64 }, () => piece(65_536)));
    const reader = readAhead(source);
    const first = await reader.next();
    await settle();
    // Half a mebibyte is buffered, and nothing more was requested.
    expect(seen.read).toBeLessThanOrEqual(1 + 1 + 8);
    const second = await reader.next();
    expect((first.value as Uint8Array).length).toBeGreaterThan(0);
    expect((second.value as Uint8Array).length).toBe(8 * 65_536);
    await reader.return(undefined);
  });

  it("passes a single piece on at once", async () => {
    let goOn = () => {};
    async function* slow() {
      yield piece(10);
      await new Promise<void>((resolve) => (goOn = resolve));
    }
    const reader = readAhead(slow());
    expect((await reader.next()).value).toHaveLength(10);
    const end = reader.next();
    await settle();
    goOn();
    expect((await end).done).toBe(true);
  });

  it("fails where the source fails, after the earlier pieces", async () => {
    const reader = readAhead(watched([piece(3), piece(4)], new Error("reset")).source);
    let bytes = 0;
    await expect(async () => {
      for await (const next of reader) bytes += next.length;
    }).rejects.toThrow("reset");
    expect(bytes).toBe(7);
  });

  it("closes the source when the reader stops, also when it is full", async () => {
    const { seen, source } = watched(Array.from({ length: 64 }, () => piece(65_536)));
    const reader = readAhead(source);
    await reader.next();
    await settle();
    await reader.return(undefined);
    await settle();
    expect(seen.closed).toBe(true);
    expect(seen.read).toBeLessThan(20);
  });
});
