import { z } from "zod";
import { enqueueMissingJobs } from "@/lib/jobs/enqueue-job";
import { command } from "@/lib/operation/operation";
import { hasForgottenMandates } from "@/lib/subject-requests/retention/forgotten-mandates";
import { hasRequestsToEmpty } from "@/lib/subject-requests/retention/requests-to-empty";

/** Asks for the job that empties requests, if the retention of any, or of its documents, may be over. */
export const enqueueRequestRetention = command({
  permission: "subject-request:empty",
  input: z.object({}),
  audits: [],
  run: async ({ tx }) => {
    if ((await hasRequestsToEmpty(tx)) || (await hasForgottenMandates(tx)))
      await enqueueMissingJobs(tx, [{ kind: "request_retention", key: "all", payload: {} }]);
    return { result: null, unchanged: true as const };
  },
});
