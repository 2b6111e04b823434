import { log } from "@/lib/core/log";
import { takeLogLine } from "@/lib/core/log-budget";
import { databaseAway } from "@/lib/db/database-away";
import { entries, type Entry } from "@/lib/http/entry/current-entry";

/**
 * Next.js prints each failure of a request on the console, with many lines of stack, and so with texts of the client.
 * Writes one line of the log instead, within its budget, and notes whether the database was away.
 */
export function takeOverConsole(): void {
  for (const method of ["error", "warn"] as const) {
    const print = console[method].bind(console);
    console[method] = (...said: unknown[]) => {
      const entry = entries.getStore();
      if (entry) noteFailure(entry, said.find((part) => part instanceof Error) ?? said.at(0));
      else print(...said);
    };
  }
}

function noteFailure(entry: Entry, failure: unknown): void {
  const { requestId } = entry;
  const isAway = databaseAway(failure) !== null || (failure as { code?: unknown }).code === "database_unavailable";
  if (isAway) entry.isUnavailable = true;
  if (entry.isLogged) return;
  entry.isLogged = true;
  // The answer that replaces these two is logged as a refused request.
  if (isAway || (entry.mayBeAction && !entry.hasArguments)) return;
  if (!takeLogLine("page")) return;
  if (failure instanceof Error) log.error({ error: failure, requestId }, "unexpected error of a page");
  else log.warn({ requestId }, "Next.js warned about a request");
}
