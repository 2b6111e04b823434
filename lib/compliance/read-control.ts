import { and, asc, desc, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import { controlNames, controls } from "@/lib/compliance/controls";
import { controlRows, lastCheck } from "@/lib/compliance/control-rows";
import type { ReadDatabase } from "@/lib/db/client";
import { acceptedRisks, controlChecks, controlResults, users } from "@/lib/db/schema";
import { isAllowed } from "@/lib/operation/permissions";
import { query } from "@/lib/operation/operation";

/** One control: what the last check found, the results before, its plan and risks, and who may own the gap. */
export const readControl = query({
  permission: "compliance:read",
  input: z.object({ control: z.enum(controlNames) }),
  run: async ({ db, actor, input: { control } }) => {
    const check = await lastCheck(db);
    const rows = await controlRows(db, check?.id ?? null);
    const mayManage = isAllowed(actor, "compliance:manage");
    return {
      ...rows.find((row) => row.control === control)!,
      articles: controls[control].articles,
      check,
      history: await historyOf(db, control),
      risks: await risksOf(db, control),
      owners: mayManage ? await possibleOwners(db) : [],
      mayManage,
    };
  },
});

export type ControlDetail = Awaited<ReturnType<typeof readControl>>;

/** The last results, newest first. */
function historyOf(db: ReadDatabase, control: string) {
  return db
    .select({ checkedAt: controlChecks.createdAt, state: controlResults.state, evidence: controlResults.evidence })
    .from(controlResults)
    .innerJoin(controlChecks, eq(controlChecks.id, controlResults.checkId))
    .where(eq(controlResults.control, control))
    .orderBy(desc(controlResults.checkId))
    .limit(30);
}

/** Every risk that was accepted for it, newest first. */
function risksOf(db: ReadDatabase, control: string) {
  const { id, reason, expiresOn, createdAt, withdrawnAt, acceptedById } = acceptedRisks;
  return db
    .select({ id, reason, expiresOn, acceptedAt: createdAt, withdrawnAt, acceptedBy: users.name })
    .from(acceptedRisks)
    .innerJoin(users, eq(users.id, acceptedById))
    .where(eq(acceptedRisks.control, control))
    .orderBy(desc(id))
    .limit(20);
}

/** People who may close a gap: whoever may read the controls. */
function possibleOwners(db: ReadDatabase) {
  const mayOwn = and(users.active, inArray(users.role, ["admin", "dpo", "auditor"]));
  return db.select({ id: users.id, name: users.name }).from(users).where(mayOwn).orderBy(asc(users.name)).limit(500);
}
