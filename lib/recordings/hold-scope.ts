import { eq, or, sql, type SQL } from "drizzle-orm";
import type { Actor } from "@/lib/operation/actor";
import { legalHolds } from "@/lib/db/schema/legal-holds";

/**
 * Which holds an actor may see by name, because matter and reason can contain personal data. Supervisors see those that
 * they placed or are responsible for; DPO, auditor and administrator see all; no other actor sees any.
 */
export function holdScope(actor: Actor): SQL {
  if (actor.type !== "user") return sql`false`;
  if (actor.role !== "supervisor") return sql`true`;
  return or(eq(legalHolds.ownerId, actor.userId), eq(legalHolds.placedById, actor.userId))!;
}
