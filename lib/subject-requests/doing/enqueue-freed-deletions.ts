import { and, inArray, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { recordings, subjectRequestDecisions, subjectRequestRights } from "@/lib/db/schema";
import { callers } from "@/lib/deletion/callers";
import { enqueueMissingJobs } from "@/lib/jobs/enqueue-job";
import { command } from "@/lib/operation/operation";
import { mayBeDeleted } from "@/lib/recordings/may-be-deleted";
import { deleting } from "@/lib/subject-requests/deciding/measures";

/** Requests of one run. The next run takes the others. */
const mostRequests = 500;

/**
 * Has deletions go on that waited for a legal hold or a legal minimum and are free now, and counts those that another
 * caller deleted meanwhile.
 */
export const enqueueFreedDeletions = command({
  permission: "subject-request:execute",
  input: z.object({}),
  // The commands that mark and delete log it.
  audits: [],
  run: async ({ tx }) => {
    const { requestId, recordingId, processId, measure, doneAt, endedAt } = subjectRequestDecisions;
    const isFree = sql`exists (select from ${recordings} where ${recordings.id} = ${recordingId}
      and (${recordings.state} = 'deleted' or ${mayBeDeleted(callers.request.stops)}))`;
    const isDecided = sql`exists (select from ${subjectRequestRights} where ${subjectRequestRights.id} = ${processId}
      and ${inArray(subjectRequestRights.state, ["executing", "answered", "closed"])})`;
    const free = await tx
      .selectDistinct({ requestId })
      .from(subjectRequestDecisions)
      .where(and(isNull(doneAt), isNull(endedAt), inArray(measure, [...deleting]), isDecided, isFree))
      .limit(mostRequests);
    await enqueueMissingJobs(
      tx,
      free.map((row) => ({ kind: "subject_request" as const, key: row.requestId, payload: row })),
    );
    return { result: { requests: free.length }, unchanged: true as const };
  },
});
