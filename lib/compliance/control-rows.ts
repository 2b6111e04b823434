import { and, desc, eq, isNull, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { controlNames, type ControlName } from "@/lib/compliance/controls";
import type { ControlState } from "@/lib/compliance/check-controls";
import { today } from "@/lib/core/time";
import type { ReadDatabase } from "@/lib/db/client";
import { acceptedRisks, controlChecks, controlPlans, controlResults, users, type Evidence } from "@/lib/db/schema";

/** The last check, or null before the first. */
export async function lastCheck(db: ReadDatabase) {
  const { id, createdAt, checkedById } = controlChecks;
  const [row] = await db
    .select({ id, checkedAt: createdAt, checkedBy: users.name })
    .from(controlChecks)
    .leftJoin(users, eq(users.id, checkedById))
    .orderBy(desc(createdAt), desc(id))
    .limit(1);
  return row ?? null;
}

export type ControlPlan = { ownerId: string; owner: string; dueOn: string; note: string; isLate: boolean };
export type AcceptedRisk = { id: string; reason: string; expiresOn: string; acceptedBy: string; acceptedAt: Date };

/** `accepted`: it fails, and the company accepted that until a day that has not passed. */
export type ShownState = ControlState | "accepted" | "unchecked";

export type ControlRow = {
  control: ControlName;
  state: ShownState;
  evidence: Evidence;
  plan: ControlPlan | null;
  risk: AcceptedRisk | null;
};

/** The result of the last check of each control, with its plan and the risk that is accepted now. */
export async function controlRows(db: ReadDatabase, checkId: string | null): Promise<ControlRow[]> {
  const [results, plans, risks] = await Promise.all([
    checkId === null ? [] : db.select().from(controlResults).where(eq(controlResults.checkId, checkId)),
    currentPlans(db),
    openRisks(db),
  ]);
  return controlNames.map((control) => {
    const result = results.find((row) => row.control === control);
    const risk = risks.find((row) => row.control === control) ?? null;
    return {
      control,
      state: shownState(result?.state, risk !== null),
      evidence: result?.evidence ?? {},
      plan: plans.find((row) => row.control === control) ?? null,
      risk,
    };
  });
}

function shownState(state: ControlState | undefined, isAccepted: boolean): ShownState {
  if (state === undefined) return "unchecked";
  return state === "fail" && isAccepted ? "accepted" : state;
}

async function currentPlans(db: ReadDatabase): Promise<(ControlPlan & { control: string })[]> {
  const { control, id, ownerId, dueOn, note } = controlPlans;
  const rows = await db
    .selectDistinctOn([control], { control, ownerId, owner: users.name, dueOn, note })
    .from(controlPlans)
    .leftJoin(users, eq(users.id, ownerId))
    .orderBy(control, desc(id));
  return rows.flatMap(({ ownerId: owner, owner: name, dueOn: day, ...row }) =>
    owner === null || name === null || day === null
      ? []
      : [{ ...row, ownerId: owner, owner: name, dueOn: day, isLate: day < today() }],
  );
}

const acceptor = alias(users, "acceptor");

async function openRisks(db: ReadDatabase): Promise<(AcceptedRisk & { control: string })[]> {
  const { id, control, reason, expiresOn, createdAt, withdrawnAt, acceptedById } = acceptedRisks;
  return db
    .select({ id, control, reason, expiresOn, acceptedBy: acceptor.name, acceptedAt: createdAt })
    .from(acceptedRisks)
    .innerJoin(acceptor, eq(acceptor.id, acceptedById))
    .where(and(isNull(withdrawnAt), sql`${expiresOn} >= ${today()}::date`));
}
