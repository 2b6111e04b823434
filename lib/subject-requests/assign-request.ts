import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { ReadDatabase } from "@/lib/db/client";
import { subjectRequests, users } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { lockRequest, recordEvents, targetOf } from "@/lib/subject-requests/process-steps";

/**
 * Gives a request to a DPO, or takes it back (`null`).
 * @throws AppError `not_found`; `invalid_input` for somebody who cannot work on requests; `conflict` if it was assigned
 * to another since the form was opened.
 */
export const assignRequest = command({
  permission: "subject-request:work",
  input: z.object({
    requestId: z.uuid(),
    assigneeId: z.uuid().nullable(),
    /** Whom the form showed. */
    assigneeIdBefore: z.uuid().nullable(),
  }),
  audits: ["subject_request.assigned"],
  run: async ({ tx, actor, input: { requestId, assigneeId, assigneeIdBefore } }) => {
    const request = await lockRequest(tx, requestId);
    const result = { requestId, assigneeId };
    if (request.assigneeId === assigneeId) return { result, unchanged: true as const };
    if (request.assigneeId !== assigneeIdBefore) throw new AppError("conflict", "assigned to another meanwhile");
    if (assigneeId !== null) await requireAssignee(tx, assigneeId);
    await tx.update(subjectRequests).set({ assigneeId }).where(eq(subjectRequests.id, requestId));
    await recordEvents(tx, actor, requestId, [{ kind: "assigned" }]);
    const details = { protocol: request.protocol, assigneeId, assigneeIdBefore };
    return { result, audits: [auditEvent("subject_request.assigned", { target: targetOf(request), details })] };
  },
});

/** @throws AppError `invalid_input` for anyone but an active DPO. */
async function requireAssignee(db: ReadDatabase, userId: string): Promise<void> {
  if ((await db.$count(users, and(eq(users.id, userId), eq(users.active, true), eq(users.role, "dpo")))) === 1) return;
  throw new AppError("invalid_input", "not a DPO", { fields: [{ path: "assigneeId", reason: "unknown" }] });
}
