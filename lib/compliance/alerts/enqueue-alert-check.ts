import { z } from "zod";
import { enqueueMissingJobs } from "@/lib/jobs/enqueue-job";
import { command } from "@/lib/operation/operation";

/** Asks for the evaluation of the rules, if no job waits for its turn. */
export const enqueueAlertCheck = command({
  permission: "alert:raise",
  input: z.object({}),
  audits: [],
  run: async ({ tx }) => {
    await enqueueMissingJobs(tx, [{ kind: "alert_check", key: "all", payload: {} }]);
    return { result: null, unchanged: true as const };
  },
});
