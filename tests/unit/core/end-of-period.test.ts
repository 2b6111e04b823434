import { tzOffset } from "@date-fns/tz";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endOfPeriod, localDay, type Period } from "@/lib/core/time";
import { seedCount } from "../../support/seeds";

const saoPaulo = "America/Sao_Paulo";
const zones = [
  "UTC",
  saoPaulo,
  "America/Manaus",
  "America/Noronha",
  "America/Rio_Branco",
  "America/Bahia",
  "America/Cuiaba",
  "America/Havana",
  "America/New_York",
  "Europe/Lisbon",
  "Atlantic/Azores",
  "Asia/Kathmandu",
  "Pacific/Apia",
  "Asia/Beirut",
];

const days = (value: number): Period => ({ value, unit: "day" });

const formats = new Map(
  zones
    .concat("America/Araguaina")
    .map((timeZone) => [
      timeZone,
      new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }),
    ]),
);
const localDate = (instant: Date, timeZone: string) => formats.get(timeZone)!.format(instant);

function plusDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

const anyInstants = fc.date({
  min: new Date("1990-01-01T00:00:00Z"),
  max: new Date("2037-12-31T00:00:00Z"),
  noInvalidDate: true,
});
/** The last and first days of months, in years with and without 29 February (2100 has none). */
const monthEnds = fc
  .tuple(
    fc.constantFrom(1999, 2000, 2023, 2024, 2025, 2027, 2028, 2096, 2099, 2100, 2101, 2104),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: -3, max: 2 }),
    fc.nat(86_399_999),
  )
  .map(([year, month, day, time]) => new Date(Date.UTC(year, month, day) + time));
const instants = fc.oneof(anyInstants, monthEnds);

/** Every clock change in Brazil's zones: daylight saving time until 2019, and zones that were redefined. */
const clockChanges = [
  "America/Sao_Paulo",
  "America/Cuiaba",
  "America/Manaus",
  "America/Rio_Branco",
  "America/Bahia",
  "America/Araguaina",
  "America/Noronha",
].flatMap((zone) => {
  const [first, last, step] = [Date.UTC(1985, 0, 1), Date.UTC(2021, 0, 1), 12 * 3_600_000];
  const offsets = Array.from({ length: (last - first) / step }, (_, index) =>
    tzOffset(zone, new Date(first + index * step)),
  );
  return offsets.flatMap((offset, index) =>
    index > 0 && offset !== offsets[index - 1] ? [{ zone, near: first + index * step }] : [],
  );
});

/** From the first instant after the last day on, and not before. */
function expectEndOf(lastDay: string, until: Date, zone: string): void {
  expect(localDate(new Date(until.getTime() - 1), zone) <= lastDay).toBe(true);
  expect(localDate(until, zone) > lastDay).toBe(true);
}

describe("endOfPeriod", () => {
  it.each([
    ["the call's own evening, which is tomorrow in UTC", "2026-03-01T02:59:59.999Z", 90, "2026-05-30T03:00:00.000Z"],
    ["a minute later it is the next local day", "2026-03-01T03:00:00.000Z", 90, "2026-05-31T03:00:00.000Z"],
    ["the end of a month", "2026-01-31T15:00:00Z", 1, "2026-02-02T03:00:00.000Z"],
    ["29 February", "2024-02-29T15:00:00Z", 365, "2025-03-01T03:00:00.000Z"],
    ["across 29 February", "2024-02-28T15:00:00Z", 1, "2024-03-01T03:00:00.000Z"],
    [
      "a day that begins at one o'clock, since DST took its midnight",
      "2018-10-04T15:00:00Z",
      30,
      "2018-11-04T03:00:00.000Z",
    ],
    ["into daylight saving time", "2018-11-02T15:00:00Z", 5, "2018-11-08T02:00:00.000Z"],
    ["out of daylight saving time", "2018-02-16T15:00:00Z", 5, "2018-02-22T03:00:00.000Z"],
    ["the hour that happened twice, first time", "2018-02-18T01:30:00.000Z", 1, "2018-02-19T03:00:00.000Z"],
    ["the hour that happened twice, second time", "2018-02-18T02:30:00.000Z", 1, "2018-02-19T03:00:00.000Z"],
    ["no daylight saving time since 2019", "2019-10-20T15:00:00Z", 30, "2019-11-20T03:00:00.000Z"],
  ])("%s", (_, startedAt, count, expected) => {
    expect(endOfPeriod(new Date(startedAt), days(count), saoPaulo).toISOString()).toBe(expected);
  });

  it.each<[string, string, Period, string]>([
    ["90 days is not 3 months", "2026-02-01T15:00:00Z", { value: 90, unit: "day" }, "2026-05-03T03:00:00.000Z"],
    ["3 months", "2026-02-01T15:00:00Z", { value: 3, unit: "month" }, "2026-05-02T03:00:00.000Z"],
    [
      "a month from 31 January ends on 1 March, the 31st being missing",
      "2026-01-31T15:00:00Z",
      { value: 1, unit: "month" },
      "2026-03-02T03:00:00.000Z",
    ],
    [
      "a month from 31 March ends on 1 May",
      "2026-03-31T15:00:00Z",
      { value: 1, unit: "month" },
      "2026-05-02T03:00:00.000Z",
    ],
    [
      "a month from 30 January of a leap year",
      "2028-01-30T15:00:00Z",
      { value: 1, unit: "month" },
      "2028-03-02T03:00:00.000Z",
    ],
    [
      "a year from 29 February ends on 1 March",
      "2024-02-29T15:00:00Z",
      { value: 1, unit: "year" },
      "2025-03-02T03:00:00.000Z",
    ],
    [
      "4 years from 29 February end on 29 February",
      "2024-02-29T15:00:00Z",
      { value: 4, unit: "year" },
      "2028-03-01T03:00:00.000Z",
    ],
    [
      "5 years from the last hour of a local year",
      "2026-01-01T02:30:00Z",
      { value: 5, unit: "year" },
      "2031-01-01T03:00:00.000Z",
    ],
    ["12 months is a year", "2026-12-15T15:00:00Z", { value: 12, unit: "month" }, "2027-12-16T03:00:00.000Z"],
    [
      "months into daylight saving time",
      "2018-10-05T15:00:00Z",
      { value: 1, unit: "month" },
      "2018-11-06T02:00:00.000Z",
    ],
    [
      "a year out of daylight saving time, which no longer was in 2019",
      "2018-12-10T15:00:00Z",
      { value: 1, unit: "year" },
      "2019-12-11T03:00:00.000Z",
    ],
  ])("%s", (_, startedAt, period, expected) => {
    expect(endOfPeriod(new Date(startedAt), period, saoPaulo).toISOString()).toBe(expected);
  });

  it("keeps the whole last day and no instant more, in any zone", () => {
    fc.assert(
      fc.property(
        instants,
        fc.integer({ min: 1, max: 36_525 }),
        fc.constantFrom(...zones),
        (startedAt, count, zone) => {
          expectEndOf(plusDays(localDate(startedAt, zone), count), endOfPeriod(startedAt, days(count), zone), zone);
        },
      ),
      { numRuns: seedCount(1000) },
    );
  });

  it("keeps the whole last day around every clock change of Brazil", () => {
    expect(
      clockChanges.filter(({ zone, near }) => zone === saoPaulo && near > Date.UTC(1990, 0, 1)).length,
    ).toBeGreaterThan(55);
    expect(clockChanges.filter(({ zone, near }) => zone === saoPaulo && near > Date.UTC(2019, 3, 1))).toEqual([]);
    const hours = fc.integer({ min: -40 * 60, max: 40 * 60 }).map((minutes) => minutes * 60_000);
    fc.assert(
      fc.property(
        fc.constantFrom(...clockChanges),
        hours,
        fc.integer({ min: 1, max: 2000 }),
        fc.boolean(),
        ({ zone, near }, jitter, count, isEnd) => {
          const startedAt = new Date(near + jitter - (isEnd ? count * 86_400_000 : 0));
          expectEndOf(plusDays(localDate(startedAt, zone), count), endOfPeriod(startedAt, days(count), zone), zone);
        },
      ),
      { numRuns: seedCount(2000) },
    );
  });

  it("ends months and years on the same day number, or on the next first of a month (Art. 132, § 3)", () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 1200 }), fc.constantFrom(...zones), (startedAt, months, zone) => {
        const [year, month, day] = localDate(startedAt, zone).split("-").map(Number) as [number, number, number];
        const index = year * 12 + month - 1 + months;
        const length = new Date(Date.UTC(Math.floor(index / 12), (index % 12) + 1, 0)).getUTCDate();
        const lastDay = day <= length ? isoDay(index, day) : isoDay(index + 1, 1);
        const until = endOfPeriod(startedAt, { value: months, unit: "month" }, zone);
        expectEndOf(lastDay, until, zone);
        if (months % 12 === 0)
          expect(endOfPeriod(startedAt, { value: months / 12, unit: "year" }, zone)).toEqual(until);
      }),
      { numRuns: seedCount(1000) },
    );
  });

  it("is never earlier for a later call or a longer period", () => {
    fc.assert(
      fc.property(
        instants,
        fc.nat(10 ** 9),
        fc.integer({ min: 1, max: 1000 }),
        fc.nat(40),
        fc.constantFrom("day", "month", "year" as const),
        fc.constantFrom(...zones),
        (first, gap, value, more, unit, zone) => {
          const later = new Date(first.getTime() + gap);
          const [short, long] = [value % (unit === "year" ? 90 : 1000), more];
          expect(
            endOfPeriod(later, { value: 1 + short + long, unit }, zone) >=
              endOfPeriod(first, { value: 1 + short, unit }, zone),
          ).toBe(true);
        },
      ),
      { numRuns: seedCount(500) },
    );
  });

  it("depends on the local day only", () => {
    fc.assert(
      fc.property(
        instants,
        fc.nat(86_400_000),
        fc.constantFrom("day", "month", "year" as const),
        fc.integer({ min: 1, max: 90 }),
        fc.constantFrom(...zones),
        (one, gap, unit, value, zone) => {
          const other = new Date(one.getTime() + gap);
          fc.pre(localDay(one, zone) === localDay(other, zone));
          expect(endOfPeriod(other, { value, unit }, zone)).toEqual(endOfPeriod(one, { value, unit }, zone));
        },
      ),
      { numRuns: seedCount(500) },
    );
  });
});

function isoDay(monthIndex: number, day: number): string {
  return new Date(Date.UTC(Math.floor(monthIndex / 12), monthIndex % 12, day)).toISOString().slice(0, 10);
}
