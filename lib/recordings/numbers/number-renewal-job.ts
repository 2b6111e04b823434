import type { JobHandler } from "@/lib/jobs/job-handler";
import { jobContext } from "@/lib/operation/job-context";
import { renewNumbers } from "@/lib/recordings/numbers/renew-numbers";

type Next = Awaited<ReturnType<typeof renewNumbers>>["next"];

/** Renews numbers in batches. Each batch commits; a run that ends early is continued by the next one. */
export const numberRenewalJob: JobHandler<"number_renewal"> = {
  run: async ({ payload: { unitId, serviceAccountId }, signal }) => {
    const context = jobContext("number-renewal");
    let next: Next = null;
    let isLeft = false;
    do {
      if (signal.aborted) return { again: 0 };
      ({ next, isLeft } = await renewNumbers(context, {
        ...{ unitId, serviceAccountId },
        after: (unitId ?? serviceAccountId) && next ? next : undefined,
      }));
    } while (next);
    // Uploads that an earlier release began.
    if (isLeft) return { again: 60 * 60_000 };
  },
};
