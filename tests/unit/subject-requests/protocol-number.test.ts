import fc from "fast-check";
import { expect, test } from "vitest";
import { formatProtocol } from "@/lib/i18n/format";
import { protocolNumber, readProtocolNumber } from "@/lib/subject-requests/protocol-number";
import { seedCount } from "../../support/seeds";

const days = fc
  .date({ min: new Date("2020-01-01T00:00:00Z"), max: new Date("2099-12-31T00:00:00Z"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const numbers = fc.tuple(days, fc.integer({ min: 1, max: 999_999 })).map(([day, count]) => protocolNumber(day, count));

/** The check digits are those that the package cdigit 5.0.1 gives (Damm). */
test("has the day, six digits and a check digit", () => {
  expect(protocolNumber("2026-11-29", 1)).toMatch(/^20261129000001\d$/);
  expect(protocolNumber("2026-11-29", 999_999)).toMatch(/^20261129999999\d$/);
  expect(["2026-11-29", "2027-01-01", "2028-02-29"].map((day) => protocolNumber(day, 572))).toEqual([
    "202611290005727",
    "202701010005722",
    "202802290005722",
  ]);
});

test.each([0, 1_000_000, 1.5, -1, Number.NaN])("counts no %d", (count) => {
  expect(() => protocolNumber("2026-11-29", count)).toThrow(RangeError);
});

test("is read as people type it", () => {
  const separators = fc.array(fc.constantFrom("", "", "", " ", ".", "-", "/", "–", "\u00a0"), {
    minLength: 16,
    maxLength: 16,
  });
  fc.assert(
    fc.property(numbers, separators, (number, between) => {
      const typed = between.map((text, place) => text + (number[place] ?? "")).join("");
      expect(readProtocolNumber(typed)).toBe(number);
    }),
    { numRuns: seedCount(500) },
  );
  expect(readProtocolNumber(formatProtocol(protocolNumber("2026-11-29", 14)))).toBe(protocolNumber("2026-11-29", 14));
  expect(formatProtocol(protocolNumber("2026-11-29", 14))).toMatch(/^20261129\.000014-\d$/);
});

test("with one wrong digit is none, whatever the digit", () => {
  fc.assert(
    fc.property(numbers, fc.nat(14), fc.integer({ min: 1, max: 9 }), (number, place, step) => {
      const wrong = String((Number(number[place]) + step) % 10);
      expect(readProtocolNumber(number.slice(0, place) + wrong + number.slice(place + 1))).toBeNull();
    }),
    { numRuns: seedCount(500) },
  );
});

test("with two neighbours exchanged is none", () => {
  fc.assert(
    fc.property(numbers, fc.nat(13), (number, place) => {
      fc.pre(number[place] !== number[place + 1]);
      const exchanged = number.slice(0, place) + number[place + 1]! + number[place]! + number.slice(place + 2);
      expect(readProtocolNumber(exchanged)).toBeNull();
    }),
    { numRuns: seedCount(500) },
  );
});

/** Digits with a right check digit that are no protocol number, by their length or their day. */
test.each(["", "abc", "5724", "202602300005727", "202611290000009", "202611290000014444", "2026112900000A1"])(
  "%j is none",
  (text) => {
    expect(readProtocolNumber(text)).toBeNull();
  },
);
