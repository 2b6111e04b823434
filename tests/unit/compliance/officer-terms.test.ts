import { expect, test } from "vitest";
import { daysWithout, inOffice, overlap, type Term } from "@/lib/compliance/terms/officer-terms";

const officer = (startsOn: string, endsOn: string | null): Term => ({ role: "officer", startsOn, endsOn });

test.each([
  ["no term at all", [], 0],
  ["one without an end", [officer("2026-01-01", null)], 0],
  ["one after another", [officer("2026-01-01", "2026-01-31"), officer("2026-02-01", null)], 0],
  ["a day between two", [officer("2026-01-01", "2026-01-31"), officer("2026-02-02", null)], 1],
  ["ended a week ago", [officer("2026-01-01", "2026-02-22")], 7],
  ["ends today", [officer("2026-01-01", "2026-03-01")], 0],
  ["begins tomorrow", [officer("2026-03-02", null)], 0],
  ["only a substitute", [{ ...officer("2026-01-01", "2026-01-02"), role: "substitute" as const }], 0],
])("%s: %#", (_, terms, expected) => expect(daysWithout(terms, "officer", "2026-03-01")).toBe(expected));

test("first and last day are in office, the days around them are not", () => {
  const terms = [officer("2026-01-05", "2026-01-09")];
  const isHeld = (day: string) => inOffice(terms, "officer", day) !== null;
  expect(["2026-01-04", "2026-01-05", "2026-01-09", "2026-01-10"].map(isHeld)).toEqual([false, true, true, false]);
  expect(inOffice(terms, "substitute", "2026-01-06")).toBeNull();
});

test("terms of one role that share a day overlap", () => {
  const [first, next] = [officer("2026-01-01", "2026-01-31"), officer("2026-02-01", null)];
  expect(overlap(first, next)).toBe(false);
  expect(overlap(officer("2026-01-31", null), first)).toBe(true);
  expect(overlap(first, { ...first, role: "substitute" })).toBe(false);
});
