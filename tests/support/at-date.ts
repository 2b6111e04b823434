import { vi } from "vitest";

/** Runs the work while `Date` shows this moment and goes on from it; timers are real. */
export async function atDate<Result>(date: Date, work: () => Result | Promise<Result>): Promise<Result> {
  vi.useFakeTimers({ now: date, toFake: ["Date"] });
  try {
    return await work();
  } finally {
    vi.useRealTimers();
  }
}

/** Runs the work an hour ago: a link signed for less has expired. */
export const anHourAgo = <Result>(work: () => Result | Promise<Result>) =>
  atDate(new Date(Date.now() - 3_600_000), work);
