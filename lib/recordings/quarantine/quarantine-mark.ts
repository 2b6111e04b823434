import { and, eq, isNull } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { playbackGrants, recordings } from "@/lib/db/schema";
import { databaseNow } from "@/lib/db/schema/columns";
import { auditEvent } from "@/lib/operation/audit-event";

type Marked = Pick<typeof recordings.$inferSelect, "id" | "unitId">;

/** Quarantines a recording that is locked, and ends every grant to play or download it. Returns the event. */
export async function markQuarantined(tx: Transaction, { id, unitId }: Marked) {
  await tx.update(recordings).set({ quarantine: "quarantined" }).where(eq(recordings.id, id));
  await tx
    .update(playbackGrants)
    .set({ revokedAt: databaseNow })
    .where(and(eq(playbackGrants.recordingId, id), isNull(playbackGrants.revokedAt)));
  return auditEvent("recording.quarantined", { target: { type: "recording", id, unitId } });
}
