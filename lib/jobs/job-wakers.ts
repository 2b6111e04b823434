import { processWide } from "@/lib/core/process-wide";

// Process-wide, because a commit in any bundle must wake the one runner.
const holder = processWide as { custodiaJobWakers?: Set<() => void> };

/** Callbacks that wake the runners of this process. */
export function jobWakers(): Set<() => void> {
  return (holder.custodiaJobWakers ??= new Set());
}

export function wakeRunners(): void {
  for (const wake of jobWakers()) wake();
}
