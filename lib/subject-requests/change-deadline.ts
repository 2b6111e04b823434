import { severalLines, singleLine } from "@/lib/core/text-input";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { subjectRequestDeadlines } from "@/lib/db/schema";
import { requestRights, type RequestRight } from "@/lib/db/schema/subject-request-words";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { deadlineOf, lawLimit, longestDeadline } from "@/lib/subject-requests/deadlines";
import { requestSettings, type RequestSettings } from "@/lib/subject-requests/request-settings";

/**
 * Sets the deadline of a right for requests received from now on, or makes the preset count again (`days` null). What
 * was received before keeps its clock.
 * @throws AppError `invalid_input` for more days than the law allows; `conflict` if the deadline was changed since the
 * form was opened.
 */
export const changeDeadline = command({
  permission: "subject-request:change-deadline",
  input: z.object({
    right: z.enum(requestRights),
    days: z.int().min(0).max(longestDeadline).nullable(),
    /** The days that the form showed. */
    daysBefore: z.int(),
    source: singleLine(300, 5),
    reason: severalLines(2000, 10),
  }),
  audits: ["subject_request.deadline_changed"],
  run: async ({ tx, actor, input: { daysBefore, ...change } }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('custodia deadlines of requests'))`);
    const settings = await requestSettings(tx);
    const before = deadlineOf(change.right, settings);
    const result = { right: change.right, days: change.days };
    if (isInForce(change, settings)) return { result, unchanged: true as const };
    if (before.days !== daysBefore) throw new AppError("conflict", "the deadline was changed meanwhile");
    if (change.days !== null) requireLawful(change.days, lawLimit(change.right, settings.isSmallAgent));
    const id = newId();
    await tx.insert(subjectRequestDeadlines).values({ id, changedById: actor.userId, ...change });
    const target = { type: "subject_request_deadline", id };
    const details = { ...result, daysBefore: before.days };
    return { result, audits: [auditEvent("subject_request.deadline_changed", { target, details })] };
  },
});

type Change = { right: RequestRight; days: number | null; source: string };

/** Whether the last row of the right says the same. */
function isInForce({ right, days, source }: Change, { changes }: RequestSettings): boolean {
  const last = changes.find((change) => change.right === right);
  return last ? last.days === days && last.source === source : days === null;
}

function requireLawful(days: number, limit: number | null): void {
  if (limit === null || days <= limit) return;
  const fields = [{ path: "days", reason: "longer_than_the_law" }];
  throw new AppError("invalid_input", `the law allows ${limit} days`, { fields });
}
