import { query } from "@/lib/operation/operation";
import { countAnonymised } from "@/lib/subject-requests/statistics/count-anonymised";
import { countDecisions, countOpenNotices } from "@/lib/subject-requests/statistics/count-decisions";
import { countRequests, countSetbacks, countUnproven } from "@/lib/subject-requests/statistics/count-requests";
import { countOpenRights, countRights } from "@/lib/subject-requests/statistics/count-rights";
import { periodInput, periodOf } from "@/lib/subject-requests/statistics/statistics-period";

/**
 * The desk in figures: requests by the day of receipt, and what is open now. No figure leads to a person: it counts
 * what the desk's lists show row by row.
 */
export const readStatistics = query({
  permission: "subject-request:read",
  input: periodInput,
  run: async ({ db, input }) => {
    const period = periodOf(input);
    return {
      period,
      ...(await countRequests(db, period)),
      unproven: await countUnproven(db, period),
      rights: await countRights(db, period),
      anonymised: await countAnonymised(db, period),
      decisions: await countDecisions(db, period),
      ...(await countSetbacks(db, period)),
      now: { ...(await countOpenRights(db)), notices: await countOpenNotices(db) },
    };
  },
});

export type Statistics = Awaited<ReturnType<typeof readStatistics>>;
