import { readFileSync } from "node:fs";
import { fromRoot } from "./project.mjs";

const LONGEST_RUN_MILLISECONDS = 5 * 60_000;

function matches(field, value) {
  return field.split(",").some((part) => {
    const [range, step = "1"] = part.split("/");
    if (range === "*") return value % Number(step) === 0;
    const [first, last = first] = range.split("-").map(Number);
    return value >= first && value <= last && (value - first) % Number(step) === 0;
  });
}

/** True if a cron line of five fields is due in the minute of `date` (UTC, as on Vercel). */
export function isDue(schedule, date) {
  const values = [
    date.getUTCMinutes(),
    date.getUTCHours(),
    date.getUTCDate(),
    date.getUTCMonth() + 1,
    date.getUTCDay(),
  ];
  return schedule
    .trim()
    .split(/\s+/)
    .every((field, index) => matches(field, values[index]));
}

/**
 * Calls each job of vercel.json now, and then on its schedule, as Vercel Cron or a crontab would: GET with the bearer
 * secret. Skips a job that still runs. Calls `onFailure(path, reason)` at the first of several failures in a row.
 * Returns a function that stops the scheduler.
 */
export function startScheduler({ baseUrl, secret, onFailure }) {
  const { crons } = JSON.parse(readFileSync(fromRoot("vercel.json"), "utf8"));
  const running = new Set();
  const failing = new Set();
  const stopped = new AbortController();

  async function call(path) {
    if (running.has(path)) return;
    running.add(path);
    try {
      const signal = AbortSignal.any([stopped.signal, AbortSignal.timeout(LONGEST_RUN_MILLISECONDS)]);
      const response = await fetch(new URL(path, baseUrl), { headers: { authorization: `Bearer ${secret}` }, signal });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`answered ${response.status}`);
      failing.delete(path);
    } catch (error) {
      if (!stopped.signal.aborted && !failing.has(path)) onFailure(path, error.message);
      failing.add(path);
    } finally {
      running.delete(path);
    }
  }

  // The machine may have been off: runs each job once at the start.
  for (const { path } of crons) void call(path);
  let timer;
  const waitForNextMinute = () => {
    timer = setTimeout(
      () => {
        const now = new Date();
        for (const { path, schedule } of crons) if (isDue(schedule, now)) void call(path);
        waitForNextMinute();
      },
      60_050 - (Date.now() % 60_000),
    );
  };
  waitForNextMinute();
  return () => {
    clearTimeout(timer);
    stopped.abort();
  };
}
