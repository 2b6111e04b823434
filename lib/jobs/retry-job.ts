import { and, eq, isNotNull } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { jobs } from "@/lib/db/schema/jobs";
import { AppError } from "@/lib/core/errors";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import { command } from "@/lib/operation/operation";

/**
 * Retries a job that failed for good. A waiting or running job with the same key absorbs it.
 * @throws AppError `not_found` when the job has not failed for good, or was retried meanwhile.
 */
export const retryJob = command({
  permission: "job:retry",
  input: z.object({ jobId: z.uuid() }),
  audits: ["job.retried"],
  run: async ({ tx, input: { jobId } }) => {
    const [failed] = await tx
      .delete(jobs)
      .where(and(eq(jobs.id, jobId), isNotNull(jobs.deadAt)))
      .returning();
    if (!failed) throw new AppError("not_found", "no such failed job");
    const { kind, key, lane, payload, lastError } = failed;
    await enqueueJob(tx, { kind, key, lane: lane ?? undefined, payload: payload as never });
    const details = { kind, key, ...(lastError === null ? {} : { code: lastError }) };
    return { result: null, audits: [auditEvent("job.retried", { target: { type: "job", id: jobId }, details })] };
  },
});
