import { log } from "@/lib/core/log";

const windowMs = 60_000;
const perWindow = 120;

const windows = new Map<string, { written: number; left: number }>();

/**
 * Takes one of the 120 log lines that a kind of event has in a minute; false if none is left. At the end of the minute
 * one line says how many were left out. Whatever a stranger can cause is logged within a budget.
 * @param kind one of few fixed names, such as an error code.
 */
export function takeLogLine(kind: string): boolean {
  const current = windows.get(kind) ?? begin(kind);
  if (current.written < perWindow) current.written += 1;
  else current.left += 1;
  return current.left === 0;
}

function begin(kind: string) {
  const current = { written: 0, left: 0 };
  windows.set(kind, current);
  setTimeout(() => {
    windows.delete(kind);
    if (current.left > 0) log.warn({ kind, lines: current.left }, "more lines of this kind in the last minute");
  }, windowMs).unref();
  return current;
}
