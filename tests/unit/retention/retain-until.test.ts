import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dueBefore, retainUntil } from "@/lib/retention/retain-until";

const saoPaulo = "America/Sao_Paulo";
const zones = [
  "UTC", saoPaulo, "America/Manaus", "America/Noronha", "America/Rio_Branco", "America/Bahia", "America/Cuiaba",
  "America/Havana", "America/New_York", "Europe/Lisbon", "Atlantic/Azores", "Asia/Kathmandu", "Pacific/Apia", "Asia/Beirut",
];

function localDate(instant: Date, timeZone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(instant);
}

function plusDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

const instants = fc.date({ min: new Date("1990-01-01T00:00:00Z"), max: new Date("2037-12-31T00:00:00Z"), noInvalidDate: true });

describe("retainUntil", () => {
  it.each([
    ["the call's own evening, which is tomorrow in UTC", "2026-03-01T02:59:59.999Z", 90, "2026-05-30T03:00:00.000Z"],
    ["a minute later it is the next local day", "2026-03-01T03:00:00.000Z", 90, "2026-05-31T03:00:00.000Z"],
    ["the end of a month", "2026-01-31T15:00:00Z", 1, "2026-02-02T03:00:00.000Z"],
    ["29 February", "2024-02-29T15:00:00Z", 365, "2025-03-01T03:00:00.000Z"],
    ["across 29 February", "2024-02-28T15:00:00Z", 1, "2024-03-01T03:00:00.000Z"],
    ["a day that begins at one o'clock, since DST took its midnight", "2018-10-04T15:00:00Z", 30, "2018-11-04T03:00:00.000Z"],
    ["into daylight saving time", "2018-11-02T15:00:00Z", 5, "2018-11-08T02:00:00.000Z"],
    ["out of daylight saving time", "2018-02-16T15:00:00Z", 5, "2018-02-22T03:00:00.000Z"],
    ["the hour that happened twice, first time", "2018-02-18T01:30:00.000Z", 1, "2018-02-19T03:00:00.000Z"],
    ["the hour that happened twice, second time", "2018-02-18T02:30:00.000Z", 1, "2018-02-19T03:00:00.000Z"],
    ["no daylight saving time since 2019", "2019-10-20T15:00:00Z", 30, "2019-11-20T03:00:00.000Z"],
  ])("%s", (_, startedAt, days, expected) => {
    expect(retainUntil(new Date(startedAt), days, saoPaulo).toISOString()).toBe(expected);
  });

  it("keeps the whole last day and not an instant more, in any zone", () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 36_525 }), fc.constantFrom(...zones), (startedAt, days, zone) => {
        const until = retainUntil(startedAt, days, zone);
        const lastDay = plusDays(localDate(startedAt, zone), days);
        expect(localDate(new Date(until.getTime() - 1), zone) <= lastDay).toBe(true);
        expect(localDate(until, zone) > lastDay).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it("never goes back when the call is later or the policy longer", () => {
    fc.assert(
      fc.property(instants, fc.nat(10 ** 9), fc.integer({ min: 1, max: 5000 }), fc.nat(400), fc.constantFrom(...zones), (first, gap, days, more, zone) => {
        const later = new Date(first.getTime() + gap);
        expect(retainUntil(later, days + more, zone) >= retainUntil(first, days, zone)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("agrees with dueBefore", () => {
    fc.assert(
      fc.property(instants, instants, fc.integer({ min: 1, max: 5000 }), fc.constantFrom(...zones), (startedAt, now, days, zone) => {
        expect(startedAt < dueBefore(now, days, zone)).toBe(retainUntil(startedAt, days, zone) <= now);
      }),
      { numRuns: 2000 },
    );
  });
});
