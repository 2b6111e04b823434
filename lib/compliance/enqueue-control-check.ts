import { desc } from "drizzle-orm";
import { z } from "zod";
import { controlChecks } from "@/lib/db/schema";
import { enqueueMissingJobs } from "@/lib/jobs/enqueue-job";
import { command } from "@/lib/operation/operation";

/** A little less than a day, so that the check does not wander through the day. */
const everyMs = 23 * 3_600_000 + 30 * 60_000;

/** Asks for the daily check of all controls, if the last one is a day old. */
export const enqueueControlCheck = command({
  permission: "compliance:check",
  input: z.object({}),
  audits: [],
  run: async ({ tx }) => {
    const { createdAt } = controlChecks;
    const [last] = await tx.select({ createdAt }).from(controlChecks).orderBy(desc(createdAt)).limit(1);
    if (!last || Date.now() - last.createdAt.getTime() > everyMs)
      await enqueueMissingJobs(tx, [{ kind: "control_check", key: "all", payload: {} }]);
    return { result: null, unchanged: true as const };
  },
});
