import type { JobHandler } from "@/lib/jobs/job-handler";
import { jobContext } from "@/lib/operation/job-context";
import { emptyRequests } from "@/lib/subject-requests/retention/empty-requests";

/** Empties requests whose own retention is over. Each batch commits; a run that ends early is continued. */
export const requestRetentionJob: JobHandler<"request_retention"> = {
  run: async ({ signal }) => {
    const context = jobContext("request-retention");
    for (let left = 1; left > 0;) {
      if (signal.aborted) return { again: 0 };
      const { emptied, purged } = await emptyRequests(context, {});
      left = emptied + purged;
    }
  },
};
