import { singleLine } from "@/lib/core/text-input";
import { z } from "zod";
import { and, eq, isNull } from "drizzle-orm";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import { AppError } from "@/lib/core/errors";
import { subjectRequestDecisions, subjectRequestSharerTasks } from "@/lib/db/schema";
import { sharerMeasures, type DecisionMeasure } from "@/lib/db/schema/subject-request-words";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { lockRequest, recordEvents, targetOf } from "@/lib/subject-requests/process-steps";
import type { SharerMeasure } from "@/lib/subject-requests/sharers/sharer-tasks";

const decisionsOfMeasure: Record<SharerMeasure, readonly DecisionMeasure[]> = {
  deletion: ["delete", "delete_later"],
  anonymisation: ["anonymise"],
  blocking: ["block"],
  correction: ["correct"],
};

/**
 * Names somebody outside who received recordings and must be told what is done with them (LGPD Art. 18, § 6).
 * @throws AppError `not_found`; `invalid_input` for a measure that nothing of the request has.
 */
export const addSharer = command({
  permission: "subject-request:work",
  input: z.object({
    requestId: z.uuid(),
    /** The key of the form: a form that is sent twice names one recipient. */
    taskId: z.uuid(),
    measure: z.enum(sharerMeasures),
    /** Name and how to reach them. */
    recipient: singleLine(300, 3),
  }),
  audits: ["subject_request.sharer_added"],
  run: async ({ tx, input: { requestId, taskId, measure, recipient }, actor }) => {
    const request = await lockRequest(tx, requestId);
    const rows = await tx
      .selectDistinct({ id: subjectRequestDecisions.recordingId, measure: subjectRequestDecisions.measure })
      .from(subjectRequestDecisions)
      .where(and(eq(subjectRequestDecisions.requestId, requestId), isNull(subjectRequestDecisions.endedAt)));
    const ofMeasure = rows.filter((row) => row.id && decisionsOfMeasure[measure].includes(row.measure));
    const recordingIds = [...new Set(ofMeasure.map(({ id }) => id!))];
    if (recordingIds.length === 0) {
      const fields = [{ path: "measure", reason: "not_decided" }];
      throw new AppError("invalid_input", "nothing of the request has this measure", { fields });
    }
    const recipientEncrypted = encryptField("subject_request.sharer", recipient);
    const placed = await tx
      .insert(subjectRequestSharerTasks)
      .values({ id: taskId, requestId, measure, recordingIds, recipientEncrypted })
      .onConflictDoNothing({ target: subjectRequestSharerTasks.id })
      .returning({ id: subjectRequestSharerTasks.id });
    const result = { requestId };
    if (placed.length === 0) return { result, unchanged: true as const };
    await recordEvents(tx, actor, requestId, [{ kind: "sharer_added" }]);
    const details = { protocol: request.protocol, sharerMeasure: measure, recordings: recordingIds.length };
    const added = auditEvent("subject_request.sharer_added", { target: targetOf(request), details });
    return { result, audits: [added] };
  },
});
