import { severalLines } from "@/lib/core/text-input";
import { and, desc, eq, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import { controlNames, type ControlName } from "@/lib/compliance/controls";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { calendarDay, today } from "@/lib/core/time";
import type { Transaction } from "@/lib/db/client";
import { controlPlans, users } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * Says who closes the gap of a control and by when, or withdraws that (without an owner). The same plan again changes
 * nothing. The note stays out of the log: it may name people.
 * @throws AppError `invalid_input` for a day that has passed, or an owner who may not read the controls.
 */
export const planControl = command({
  permission: "compliance:manage",
  input: z
    .object({
      control: z.enum(controlNames),
      ownerId: z.union([z.uuid(), z.literal("").transform(() => null)]).nullable(),
      dueOn: z.union([calendarDay, z.literal("").transform(() => null)]).nullable(),
      note: severalLines(2000, 0).default(""),
    })
    .superRefine(({ ownerId, dueOn }, context) => {
      if (ownerId !== null && dueOn === null)
        context.addIssue({ code: "custom", path: ["dueOn"], message: "required" });
    })
    .transform((plan) => (plan.ownerId === null ? { ...plan, dueOn: null } : plan)),
  audits: ["control.planned"],
  run: async ({ tx, actor, input: plan }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('custodia controls'))`);
    const before = await lastPlan(tx, plan.control);
    const isSame =
      before && before.ownerId === plan.ownerId && before.dueOn === plan.dueOn && before.note === plan.note;
    if (isSame || (!before && plan.ownerId === null)) return { result: null, unchanged: true as const };
    await requirePossible(tx, plan);
    const id = newId();
    await tx.insert(controlPlans).values({ id, ...plan, plannedById: actor.userId });
    const details = { control: plan.control, ownerId: plan.ownerId, dueOn: plan.dueOn };
    return { result: null, audits: [auditEvent("control.planned", { target: { type: "control_plan", id }, details })] };
  },
});

async function lastPlan(tx: Transaction, control: ControlName) {
  const ofControl = eq(controlPlans.control, control);
  const [row] = await tx.select().from(controlPlans).where(ofControl).orderBy(desc(controlPlans.id)).limit(1);
  return row;
}

async function requirePossible(tx: Transaction, { ownerId, dueOn }: { ownerId: string | null; dueOn: string | null }) {
  if (ownerId === null || dueOn === null) return;
  const refuse = (path: string, reason: string) =>
    new AppError("invalid_input", `${path}: ${reason}`, { fields: [{ path, reason }] });
  if (dueOn < today()) throw refuse("dueOn", "in_the_past");
  const mayOwn = and(eq(users.id, ownerId), users.active, inArray(users.role, ["admin", "dpo", "auditor"]));
  if ((await tx.$count(users, mayOwn)) === 0) throw refuse("ownerId", "not_an_owner");
}
