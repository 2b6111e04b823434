import type { JobHandler } from "@/lib/jobs/job-handler";
import { jobContext } from "@/lib/operation/job-context";
import { issueFollowUp } from "@/lib/subject-requests/answer/issue-follow-up";
import { carryOutDecisions } from "@/lib/subject-requests/doing/carry-out-decisions";

/** The stores are asked by the job of the deletion order. */
const erasingMs = 5_000;

/**
 * Does what was decided of a request, and tells the person what was deleted after the answer. Never given up: what a
 * person was promised is done.
 */
export const subjectRequestJob: JobHandler<"subject_request"> = {
  concurrency: 2,
  maxTries: Infinity,
  run: async ({ payload: { requestId }, signal }) => {
    for (;;) {
      if (signal.aborted) return { again: 0 };
      const { more, erasing } = await carryOutDecisions(jobContext("subject-request"), { requestId });
      if (more) continue;
      if (erasing) return { again: erasingMs };
      await issueFollowUp(jobContext("subject-request"), { requestId });
      return;
    }
  },
};
