import { raiseAlerts } from "@/lib/compliance/alerts/raise-alerts";
import type { JobHandler } from "@/lib/jobs/job-handler";
import { jobContext } from "@/lib/operation/job-context";

const everyMs = 15 * 60_000;

/** Evaluates the rules every quarter of an hour. The job never ends; the reconcile job restores a lost one. */
export const alertJob: JobHandler<"alert_check"> = {
  maxTries: Infinity,
  run: async () => {
    await raiseAlerts(jobContext("alerts"), {});
    return { again: everyMs };
  },
};
