import { processWide } from "@/lib/core/process-wide";

// A commit in any bundle wakes the one runner.
const holder = processWide as { custodiaJobWakers?: Set<() => void> };

/** What the runners of this process are woken by. */
export function jobWakers(): Set<() => void> {
  return (holder.custodiaJobWakers ??= new Set());
}

export function wakeRunners(): void {
  for (const wake of jobWakers()) wake();
}
