import { processWide } from "@/lib/core/process-wide";
import type { JobKind } from "@/lib/jobs/job-kinds";

type Waker = (kind: JobKind) => void;

// Process-wide, because a commit in any bundle must wake the one runner.
const holder = processWide as { custodiaJobWakers?: Set<Waker> };

/** Callbacks that wake the runners of this process. */
function jobWakers(): Set<Waker> {
  return (holder.custodiaJobWakers ??= new Set());
}

/** To be called after the commit that enqueued a job of this kind. */
export function wakeRunners(kind: JobKind): void {
  for (const wake of jobWakers()) wake(kind);
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
  private readonly wake: Waker;

  /** @param hasSlot false: a new job of the kind wakes nobody, because the end of a running one does. */
  constructor(stopping: AbortSignal, hasSlot: (kind: JobKind) => boolean) {
    this.stopping = stopping;
    this.wake = (kind) => hasSlot(kind) && this.ring();
    jobWakers().add(this.wake);
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
    jobWakers().delete(this.wake);
    this.stopping.removeEventListener("abort", this.ring);
  }
}
