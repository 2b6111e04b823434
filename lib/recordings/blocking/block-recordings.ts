import { and, inArray, isNull } from "drizzle-orm";
import { z } from "zod";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { playbackGrants, recordingBlocks, recordings } from "@/lib/db/schema";
import { databaseNow, transactionNow } from "@/lib/db/schema/columns";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { recordingScope } from "@/lib/recordings/recording-scope";

const mostRecordings = 500;

/**
 * Suspends every processing of stored recordings and ends the grants to play or download them. Those that are blocked
 * already stay as they are.
 * @throws AppError `not_found`; `conflict` when one is not stored.
 */
export const blockRecordings = command({
  permission: "recording:block",
  input: z.object({
    recordingIds: z.array(z.uuid()).min(1).max(mostRecordings),
    /** Free text: kept encrypted beside the recording, not in the log. */
    reason: z.string().trim().min(10).max(2000),
  }),
  audits: ["recording.blocked"],
  run: async ({ tx, actor, input: { recordingIds, reason } }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    const chosen = [...new Set(recordingIds)];
    const { id, unitId, state, blockedAt } = recordings;
    // Locked as for a hold: a deletion comes first and is seen here, or second and sees the block.
    const rows = await tx
      .select({ id, unitId, state, blockedAt })
      .from(recordings)
      .where(and(inArray(id, chosen), recordingScope(actor)))
      .orderBy(id)
      .for("update");
    if (rows.length !== chosen.length) throw new AppError("not_found");
    const other = rows.find((row) => row.state !== "stored");
    if (other) throw new AppError("conflict", `a recording is ${other.state}`);
    const open = rows.filter((row) => row.blockedAt === null);
    const result = { blocked: open.length };
    if (open.length === 0) return { result, unchanged: true as const };
    const ids = open.map((row) => row.id);
    await tx.update(recordings).set({ blockedAt: transactionNow }).where(inArray(id, ids));
    const reasonEncrypted = encryptField("recording.block_reason", reason);
    const blocks = ids.map((recordingId) => ({ id: newId(), recordingId, reasonEncrypted, blockedById: actor.userId }));
    await tx.insert(recordingBlocks).values(blocks);
    await tx
      .update(playbackGrants)
      .set({ revokedAt: databaseNow })
      .where(and(inArray(playbackGrants.recordingId, ids), isNull(playbackGrants.revokedAt)));
    const [first, ...rest] = open.map((row) =>
      auditEvent("recording.blocked", { target: { type: "recording", id: row.id, unitId: row.unitId } }),
    );
    return { result, audits: [first!, ...rest] };
  },
});
