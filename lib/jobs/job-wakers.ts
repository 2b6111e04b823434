import { processWide } from "@/lib/core/process-wide";

// Process-wide, because a commit in any bundle must wake the one runner.
const holder = processWide as { custodiaJobWakers?: Set<() => void> };

/** Callbacks that wake the runners of this process. */
function jobWakers(): Set<() => void> {
  return (holder.custodiaJobWakers ??= new Set());
}

export function wakeRunners(): void {
  for (const wake of jobWakers()) wake();
}

/** Wakes a waiting runner: this process enqueued a job, a job ended, or the runner has to stop. */
export class Alarm {
  rings = false;
  private waiting: AbortController | undefined;
  readonly ring = () => {
    this.rings = true;
    this.waiting?.abort();
  };

  private readonly stopping: AbortSignal;

  constructor(stopping: AbortSignal) {
    this.stopping = stopping;
    jobWakers().add(this.ring);
    stopping.addEventListener("abort", this.ring);
  }

  /** True if it was woken, even before it began to wait. */
  async wait(pause: (signal: AbortSignal) => Promise<unknown>): Promise<boolean> {
    this.waiting = new AbortController();
    if (!this.rings) await pause(this.waiting.signal);
    const woken = this.rings;
    this.rings = false;
    return woken;
  }

  end(): void {
    jobWakers().delete(this.ring);
    this.stopping.removeEventListener("abort", this.ring);
  }
}
