import { and, eq, or } from "drizzle-orm";
import { currentController } from "@/lib/access/controller/controller-facts";
import type { ReadDatabase } from "@/lib/db/client";
import { users } from "@/lib/db/schema";
import type { Actor } from "@/lib/operation/actor";

/** People who may approve what a request erases or lets hear: every DPO, and the administrator named for it. */
export async function approvers(db: ReadDatabase): Promise<{ id: string; name: string }[]> {
  const { facts } = await currentController(db);
  const isNamed = facts.approverUserId ? and(eq(users.id, facts.approverUserId), eq(users.role, "admin")) : undefined;
  return db
    .select({ id: users.id, name: users.name })
    .from(users)
    .where(and(eq(users.active, true), or(eq(users.role, "dpo"), isNamed)))
    .orderBy(users.name, users.id)
    .limit(100);
}

/** Whether an actor may approve. Of administrators only the one whom the controller's settings name. */
export async function mayApprove(db: ReadDatabase, actor: Actor): Promise<boolean> {
  if (actor.type !== "user") return false;
  if (actor.role === "dpo") return true;
  const { facts } = await currentController(db);
  return actor.role === "admin" && facts.approverUserId === actor.userId;
}
