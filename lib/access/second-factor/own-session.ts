import { eq, sql } from "drizzle-orm";
import { AppError } from "@/lib/core/errors";
import type { Transaction } from "@/lib/db/client";
import { sessions, users, type SignInMethod } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import type { Actor, UserActor } from "@/lib/operation/actor";

/** Narrows the type: only staff have the permission. */
export function userOnly(actor: Actor): UserActor {
  if (actor.type !== "user") throw new AppError("forbidden", "only users have an account");
  return actor;
}

/** Locks the actor's row, so that two changes of their factors follow each other. */
export async function lockOwnRow(tx: Transaction, { userId }: UserActor): Promise<typeof users.$inferSelect> {
  const [user] = await tx.select().from(users).where(eq(users.id, userId)).for("no key update");
  if (!user) throw new AppError("not_found", "account");
  return user;
}

/** Records a proof of who the actor is in their session, at the time of the database. */
export async function recordProof(tx: Transaction, { sessionId }: UserActor, method: SignInMethod): Promise<void> {
  const methods = sql`case when ${method} = any(${sessions.methods}) then ${sessions.methods}
    else array_append(${sessions.methods}, ${method}) end`;
  await tx.update(sessions).set({ provedAt: transactionNow, methods }).where(eq(sessions.id, sessionId));
}
