// Kept on globalThis: the server's bundles have modules of their own, and a commit in any of them wakes the one runner.
const holder = globalThis as { custodiaJobWakers?: Set<() => void> };

/** What the runners of this process are woken by. */
export function jobWakers(): Set<() => void> {
  return (holder.custodiaJobWakers ??= new Set());
}

export function wakeRunners(): void {
  for (const wake of jobWakers()) wake();
}
