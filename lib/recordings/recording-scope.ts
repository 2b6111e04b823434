import { inArray, sql, type SQL } from "drizzle-orm";
import type { Actor } from "@/lib/operation/actor";
import { recordings } from "@/lib/db/schema";

/**
 * Which recordings an actor may see. Part of the `where` of every statement that reads recordings for a user:
 * supervisors see their units; DPO, auditor and administrator see all; no other actor sees any.
 */
export function recordingScope(actor: Actor): SQL {
  if (actor.type !== "user") return sql`false`;
  if (actor.role !== "supervisor") return sql`true`;
  return actor.unitIds.length === 0 ? sql`false` : inArray(recordings.unitId, [...actor.unitIds]);
}
