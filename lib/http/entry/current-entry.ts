import { AsyncLocalStorage } from "node:async_hooks";
import { processWide } from "@/lib/core/process-wide";

/** A request that Next.js answers, from its first byte. */
export type Entry = {
  readonly requestId: string;
  /** A form or an action of a page: its arguments are the client's. */
  readonly mayBeAction: boolean;
  /** Set once an action has its arguments: what fails before is the client's fault. */
  hasArguments: boolean;
  /** Set if the database was away while a page was made. */
  isUnavailable: boolean;
  /** One request writes one line about its failure. */
  isLogged: boolean;
};

const holder = processWide as { custodiaEntries?: AsyncLocalStorage<Entry> };

/** The request that runs, in every bundle of Next.js. Empty where another server than Node's calls the portal. */
export const entries = (holder.custodiaEntries ??= new AsyncLocalStorage<Entry>());

/** An action was called with readable arguments. */
export function noteArguments(): void {
  const entry = entries.getStore();
  if (entry) entry.hasArguments = true;
}
