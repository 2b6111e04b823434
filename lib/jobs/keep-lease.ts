import type { Database } from "@/lib/db/client";
import { log } from "@/lib/core/log";
import type { JobLease } from "@/lib/jobs/job-handler";
import { renewLease } from "@/lib/jobs/job-lease";

/**
 * Renews a lease until the returned function is called. `onLost` is called when another process has taken the job over,
 * or when two renewals have failed, since the lease then soon ends.
 */
export function keepLease(lease: JobLease, leaseMs: number, onLost: () => void, db?: Database): () => void {
  let missed = 0;
  const renewal = setInterval(() => {
    if (missed === 2) return onLost();
    missed += 1;
    renewLease(lease, leaseMs, db).then(
      (isHeld) => (isHeld ? (missed = 0) : onLost()),
      (error: unknown) => {
        log.warn({ error, jobId: lease.jobId }, "the lease of a job was not renewed");
        if (missed === 2) onLost();
      },
    );
  }, leaseMs / 3).unref();
  return () => clearInterval(renewal);
}
