import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { requestRights } from "@/lib/db/schema/subject-request-words";
import { deadlineOf, deadlines, dueUntil, lawLimit, longestDeadline } from "@/lib/subject-requests/deadlines";
import { lastWholeDay } from "@/lib/i18n/format";
import { seedCount } from "../../support/seeds";

const saoPaulo = "America/Sao_Paulo";
const zones = [
  saoPaulo,
  ...[
    "America/Noronha",
    "America/Manaus",
    "America/Cuiaba",
    "America/Rio_Branco",
    "America/Bahia",
    "America/Araguaina",
  ],
  "UTC",
];

const dayIn = (instant: Date, timeZone: string) => new Intl.DateTimeFormat("en-CA", { timeZone }).format(instant);
const plusDays = (day: string, count: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);
/** The last day on which an answer is in time. */
const lastDayOf = (due: Date, zone: string) => dayIn(lastWholeDay(due, zone), zone);

describe("a deadline", () => {
  it.each([
    ["15 days from an ordinary day", "2026-11-29T15:00:00Z", 15, "2026-12-14"],
    ["over the end of a year", "2026-12-20T15:00:00Z", 15, "2027-01-04"],
    ["over 28 February", "2027-02-20T15:00:00Z", 15, "2027-03-07"],
    ["over 29 February", "2028-02-20T15:00:00Z", 15, "2028-03-06"],
    ["that ends on a Sunday, not moved", "2026-11-28T15:00:00Z", 15, "2026-12-13"],
    ["that ends at Christmas, not moved", "2026-12-10T15:00:00Z", 15, "2026-12-25"],
    [
      "from the last minute of a day in São Paulo, which is the next day in UTC",
      "2026-11-30T02:59:00Z",
      5,
      "2026-12-04",
    ],
    ["from a minute later", "2026-11-30T03:00:00Z", 5, "2026-12-05"],
    ["at once: the day of receipt", "2026-11-29T15:00:00Z", 0, "2026-11-29"],
    ["into daylight saving time", "2018-10-25T15:00:00Z", 15, "2018-11-09"],
    ["out of daylight saving time", "2018-02-10T15:00:00Z", 15, "2018-02-25"],
    ["from the hour that happened twice", "2018-02-18T02:30:00Z", 7, "2018-02-24"],
  ])("%s", (_, receivedAt, days, lastDay) => {
    expect(lastDayOf(dueUntil(new Date(receivedAt), days, saoPaulo), saoPaulo)).toBe(lastDay);
  });

  it("ends with its last day in any zone, at any time of day, around month ends and clock changes", () => {
    const receipts = fc.oneof(
      fc.date({ min: new Date("1995-01-01Z"), max: new Date("2040-01-01Z"), noInvalidDate: true }),
      fc
        .tuple(fc.integer({ min: 1995, max: 2100 }), fc.integer({ min: 0, max: 12 }), fc.nat(86_399_999))
        .map(([year, month, time]) => new Date(Date.UTC(year, month, 0) + time)),
      fc.integer({ min: -48, max: 48 }).map((hours) => new Date(Date.UTC(2018, 1, 18, 2) + hours * 3_600_000)),
      fc.integer({ min: -48, max: 48 }).map((hours) => new Date(Date.UTC(2018, 10, 4, 3) + hours * 3_600_000)),
    );
    fc.assert(
      fc.property(receipts, fc.integer({ min: 0, max: 60 }), fc.constantFrom(...zones), (receivedAt, days, zone) => {
        const due = dueUntil(receivedAt, days, zone);
        const lastDay = plusDays(dayIn(receivedAt, zone), days);
        expect(dayIn(new Date(due.getTime() - 1), zone)).toBe(lastDay);
        expect(dayIn(due, zone) > lastDay).toBe(true);
        expect(due.getTime()).toBeGreaterThan(receivedAt.getTime());
      }),
      { numRuns: seedCount(2000) },
    );
  });
});

const unchanged = { isSmallAgent: false, changes: [] };
const daysOf = (settings: Parameters<typeof deadlines>[0]) =>
  Object.fromEntries(deadlines(settings).map(({ right, days }) => [right, days]));

test("the presets are those of the norms", () => {
  expect(daysOf(unchanged)).toEqual({
    ...{ confirmation: 0, simplified_access: 0, full_declaration: 15, electronic_copy: 15 },
    ...{ sac_recording: 7, sac_history: 5, correction: 15, unnecessary_data: 15, portability: 15, deletion: 15 },
    ...{ sharing_information: 15, consent_information: 0, consent_withdrawal: 0, objection: 15, automated_review: 15 },
  });
  expect(
    deadlines(unchanged)
      .filter(({ kind }) => kind === "law")
      .map(({ right }) => right),
  ).toEqual([...["confirmation", "simplified_access", "full_declaration", "sac_history"]]);
});

test("a small agent has 15 days for confirmation and simplified access, 30 for the full declaration", () => {
  const small = daysOf({ isSmallAgent: true, changes: [] });
  const differing = requestRights.filter((right) => small[right] !== daysOf(unchanged)[right]);
  expect(differing.map((right) => [right, small[right]])).toEqual([
    ["confirmation", 15],
    ["simplified_access", 15],
    ["full_declaration", 30],
  ]);
});

describe("a change of the company", () => {
  const source = "Política interna de atendimento ao titular, versão 3";
  const changed = (right: (typeof requestRights)[number], days: number, isSmallAgent = false) =>
    deadlineOf(right, { isSmallAgent, changes: [{ right, days, source }] });

  it("counts, with its source, where no norm fixes the days", () => {
    expect(changed("portability", 30)).toEqual({ right: "portability", days: 30, kind: "practice", source });
    expect(changed("portability", 5)).toMatchObject({ days: 5, source });
  });

  it("may be shorter than the law, and never longer", () => {
    expect(changed("full_declaration", 10)).toMatchObject({ days: 10, kind: "law", source });
    expect(changed("full_declaration", 16)).toMatchObject({ days: 15, source: expect.stringContaining("art. 19, II") });
    expect(changed("confirmation", 1)).toMatchObject({ days: 0 });
  });

  it("that only a small agent may make ends with that", () => {
    expect(changed("full_declaration", 20, true)).toMatchObject({ days: 20 });
    expect(changed("full_declaration", 20, false)).toMatchObject({ days: 15 });
  });

  it("of one right leaves the others", () => {
    const changes = [{ right: "portability" as const, days: 30, source }];
    expect(deadlineOf("deletion", { isSmallAgent: false, changes })).toMatchObject({ days: 15 });
  });

  it("never exceeds what the law allows, whatever it is", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...requestRights),
        fc.integer({ min: 0, max: 400 }),
        fc.boolean(),
        (right, days, isSmallAgent) => {
          const limit = lawLimit(right, isSmallAgent) ?? longestDeadline;
          expect(changed(right, days, isSmallAgent).days).toBeLessThanOrEqual(limit);
        },
      ),
      { numRuns: seedCount(500) },
    );
  });
});
