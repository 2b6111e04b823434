import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseByteRange } from "@/lib/http/bytes/byte-range";

describe("parseByteRange", () => {
  it.each([
    ["bytes=0-1", 1000, { kind: "range", start: 0, endInclusive: 1 }],
    ["bytes=0-", 1000, { kind: "range", start: 0, endInclusive: 999 }],
    ["bytes=-500", 1000, { kind: "range", start: 500, endInclusive: 999 }],
    ["bytes=-5000", 1000, { kind: "range", start: 0, endInclusive: 999 }],
    ["bytes=999-", 1000, { kind: "range", start: 999, endInclusive: 999 }],
    ["bytes=10-99999999999999999999", 1000, { kind: "range", start: 10, endInclusive: 999 }],
    ["Bytes=0-0", 1000, { kind: "range", start: 0, endInclusive: 0 }],
    ["bytes=1000-", 1000, { kind: "unsatisfiable" }],
    ["bytes=-0", 1000, { kind: "unsatisfiable" }],
    ["bytes=0-", 0, { kind: "unsatisfiable" }],
    ["bytes=-1", 0, { kind: "unsatisfiable" }],
    [null, 1000, { kind: "full" }],
    ["", 1000, { kind: "full" }],
    ["bytes=-", 1000, { kind: "full" }],
    ["bytes=5-4", 1000, { kind: "full" }],
    ["bytes=0-1,5-6", 1000, { kind: "full" }],
    ["items=0-1", 1000, { kind: "full" }],
    ["bytes=a-b", 1000, { kind: "full" }],
    ["bytes=0x1-2", 1000, { kind: "full" }],
  ])("reads %s of %i bytes", (header, size, expected) => {
    expect(parseByteRange(header, size)).toEqual(expected);
  });

  it("never exceeds the object, for any header", () => {
    const header = fc.oneof(
      fc.string(),
      fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => `bytes=${a}-${b}`),
      fc.nat().map((n) => `bytes=-${n}`),
    );
    fc.assert(
      fc.property(header, fc.nat(), (text, size) => {
        const range = parseByteRange(text, size);
        if (range.kind !== "range") return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.start).toBeLessThanOrEqual(range.endInclusive);
        expect(range.endInclusive).toBeLessThan(size);
      }),
    );
  });
});
