import { eq } from "drizzle-orm";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { subjectRequests } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { lockRequest, recordEvents, targetOf } from "@/lib/subject-requests/process-steps";
import { followUpDigest, newFollowUpCode, presentFollowUpCode } from "@/lib/subject-requests/public-page/form-secrets";

/**
 * A new code by which the person follows a request and collects its answers: for requests that were registered by hand,
 * and for who lost theirs. It is shown once, for the desk to tell the person; an earlier code is over.
 * @throws AppError `not_found`; `conflict` when the request was emptied.
 */
export const issueFollowUpCode = command({
  permission: "subject-request:work",
  input: z.object({ requestId: z.uuid() }),
  audits: ["subject_request.follow_up_code_issued"],
  run: async ({ tx, actor, input: { requestId } }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    const request = await lockRequest(tx, requestId);
    const code = newFollowUpCode();
    await tx
      .update(subjectRequests)
      .set({ followUpDigest: followUpDigest(code) })
      .where(eq(subjectRequests.id, requestId));
    await recordEvents(tx, actor, requestId, [{ kind: "follow_up_code_issued" }]);
    const details = { protocol: request.protocol };
    const issued = auditEvent("subject_request.follow_up_code_issued", { target: targetOf(request), details });
    return { result: { followUpCode: presentFollowUpCode(code) }, audits: [issued] };
  },
});
