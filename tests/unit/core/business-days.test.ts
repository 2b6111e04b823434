import { describe, expect, it } from "vitest";
import { endOfBusinessDays, isNationalHoliday } from "@/lib/core/business-days";
import { localDateTime } from "@/lib/core/time";

const zone = "America/Sao_Paulo";
/** The last day that counts, of a period that begins at noon of this day. */
const lastDay = (from: string, days: number, own: string[] = []) =>
  localDateTime(
    new Date(endOfBusinessDays(new Date(`${from}T12:00:00-03:00`), days, zone, new Set(own)).getTime() - 1),
    zone,
  ).slice(0, 10);

describe("national holidays", () => {
  it.each(["2026-01-01", "2026-04-03", "2027-03-26", "2028-04-14", "2024-11-20", "2026-12-25"])("%s is one", (day) =>
    expect(isNationalHoliday(day)).toBe(true),
  );

  it.each(["2023-11-20", "2026-02-17", "2026-06-04", "2026-04-05", "2026-07-09"])("%s is none", (day) =>
    expect(isNationalHoliday(day)).toBe(false),
  );

  // Dates of Easter as the tables of the United States Naval Observatory give them.
  it.each([
    ["1961-03-31", 1961],
    ["2000-04-21", 2000],
    ["2019-04-19", 2019],
    ["2038-04-23", 2038],
  ])("Good Friday is %s", (day) => expect(isNationalHoliday(day as string)).toBe(true));
});

describe("business days", () => {
  it("exclude the first day and include the last", () => expect(lastDay("2026-11-23", 3)).toBe("2026-11-26"));
  it("leave out weekends", () => expect(lastDay("2026-11-26", 3)).toBe("2026-12-01"));
  it("leave out national holidays", () => expect(lastDay("2026-12-23", 3)).toBe("2026-12-29"));
  it("leave out Good Friday", () => expect(lastDay("2026-04-01", 3)).toBe("2026-04-07"));
  it("leave out the holidays of state and city", () =>
    expect(lastDay("2026-07-07", 3, ["2026-07-09"])).toBe("2026-07-13"));
  it("count from a day that is none as from the next", () => expect(lastDay("2026-11-28", 3)).toBe("2026-12-02"));

  it("are days of the zone, also at its last second", () => {
    const late = new Date("2026-11-24T02:59:59Z");
    expect(endOfBusinessDays(late, 1, zone).toISOString()).toBe("2026-11-25T03:00:00.000Z");
    expect(endOfBusinessDays(late, 1, "America/Manaus").toISOString()).toBe("2026-11-25T04:00:00.000Z");
  });

  it("never end on a day that is none, for any start in ten years", () => {
    for (let day = Date.UTC(2026, 0, 1); day < Date.UTC(2036, 0, 1); day += 86_400_000) {
      const last = lastDay(new Date(day).toISOString().slice(0, 10), 3);
      expect([0, 6]).not.toContain(new Date(`${last}T00:00:00Z`).getUTCDay());
      expect(isNationalHoliday(last)).toBe(false);
    }
  });
});
