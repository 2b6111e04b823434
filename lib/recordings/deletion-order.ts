import { eq, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { ReadDatabase } from "@/lib/db/client";
import { deletionOrders, users } from "@/lib/db/schema";
import type { orderGrounds } from "@/lib/db/schema/deletion";
import type { Actor } from "@/lib/operation/actor";
import { isAllowed } from "@/lib/operation/permissions";

/** A command that ordered has a name, and no id. */
const { requestedByType, requestedById } = deletionOrders;
const userIdOf = sql`case when ${requestedByType} = 'user' then ${requestedById}::uuid end`;
const approvers = alias(users, "approvers");

/** Who ordered the deletion of a recording, and why. Retention deletes without an order. */
export type RecordingDeletionOrder = {
  by: { type: "user" | "job"; id: string; name: string | null };
  approvedBy: string | null;
  orderedAt: Date;
  /** In the words of who ordered it; null for users who may not read them. */
  justification: string | null;
  /** The chosen provision as a code, `other` with its words; null where none was chosen, or a request has its own. */
  ground: { code: (typeof orderGrounds)[number]; words: string | null } | null;
};

/** The order under which a recording was marked; null without one. The words of a request name its protocol. */
export async function deletionOrderOf(
  db: ReadDatabase,
  actor: Actor,
  orderId: string | null,
): Promise<RecordingDeletionOrder | null> {
  if (orderId === null) return null;
  const [row] = await db
    .select({ order: deletionOrders, name: users.name, approvedBy: approvers.name })
    .from(deletionOrders)
    .leftJoin(users, eq(users.id, userIdOf))
    .leftJoin(approvers, eq(approvers.id, deletionOrders.approvedById))
    .where(eq(deletionOrders.id, orderId));
  if (!row) return null;
  const { reason, requestedByType: type, requestedById: id, justification, createdAt, legalGround } = row.order;
  const seesWords = isAllowed(actor, reason === "erasure" ? "subject-request:read" : "deletion-order:list");
  return {
    ...{ by: { type, id, name: row.name }, approvedBy: row.approvedBy, orderedAt: createdAt },
    justification: seesWords ? justification : null,
    ground: legalGround && { code: legalGround, words: row.order.legalGroundWords },
  };
}
