import { drain } from "@/lib/jobs/drain";
import type { JobHandlers } from "@/lib/jobs/job-handler";
import { processWide } from "@/lib/core/process-wide";

export type Runner = { stop: () => Promise<void> };

const holder = processWide as { custodiaJobRunner?: Runner };

/**
 * Runs jobs in the background of a long-lived process, once per process. `stop` and SIGTERM let running jobs end or
 * give them back.
 * In serverless deployments the cron routes drain the jobs instead.
 */
export function startRunner(handlers: JobHandlers): Runner {
  if (holder.custodiaJobRunner) return holder.custodiaJobRunner;
  const stopping = new AbortController();
  const ended = drain(Infinity, handlers, { stay: true, signal: stopping.signal });
  const stop = async () => {
    process.off("SIGTERM", stop).off("SIGINT", stop);
    stopping.abort();
    await ended;
    holder.custodiaJobRunner = undefined;
  };
  process.once("SIGTERM", stop).once("SIGINT", stop);
  return (holder.custodiaJobRunner = { stop });
}
