import { severalLines } from "@/lib/core/text-input";
import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import { AppError } from "@/lib/core/errors";
import { subjectRequestSharerTasks } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { lockRequest, recordEvents, targetOf } from "@/lib/subject-requests/process-steps";

/** `notified`: told, without an answer. `impossible`: not to be done, or disproportionate (LGPD Art. 18, § 6). */
export const sharerEnds = ["notified", "acknowledged", "impossible"] as const;

/**
 * Ends the task of one recipient. Sent twice it changes nothing.
 * @throws AppError `not_found`; `invalid_input` for `impossible` without a reason.
 */
export const closeSharerTask = command({
  permission: "subject-request:work",
  input: z
    .object({
      requestId: z.uuid(),
      taskId: z.uuid(),
      end: z.enum(sharerEnds),
      /** Why it was impossible. May name people. */
      reason: severalLines(2000, 10).optional(),
    })
    .refine(({ end, reason }) => end !== "impossible" || reason !== undefined, {
      path: ["reason"],
      message: "required",
    }),
  audits: ["subject_request.sharer_closed"],
  run: async ({ tx, actor, input: { requestId, taskId, end, reason } }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    const request = await lockRequest(tx, requestId);
    const { id, requestId: ofRequest, closedAt, notifiedAt } = subjectRequestSharerTasks;
    const isThis = and(eq(id, taskId), eq(ofRequest, requestId));
    const [row] = await tx.select({ closedAt, notifiedAt }).from(subjectRequestSharerTasks).where(isThis);
    if (!row) throw new AppError("not_found", "no such task of the request");
    const result = { requestId };
    if (row.closedAt !== null) return { result, unchanged: true as const };
    await tx
      .update(subjectRequestSharerTasks)
      .set({
        ...{ closedAt: transactionNow, closedById: actor.userId },
        ...(end === "impossible" ? {} : { notifiedAt: row.notifiedAt ?? transactionNow }),
        ...(end === "acknowledged" ? { acknowledgedAt: transactionNow } : {}),
        ...(reason && end === "impossible"
          ? { impossibleReasonEncrypted: encryptField("subject_request.sharer_reason", reason) }
          : {}),
      })
      .where(and(isThis, isNull(closedAt)));
    await recordEvents(tx, actor, requestId, [{ kind: "sharer_closed" }]);
    const details = { protocol: request.protocol, sharerEnd: end };
    const closed = auditEvent("subject_request.sharer_closed", { target: targetOf(request), details });
    return { result, audits: [closed] };
  },
});
