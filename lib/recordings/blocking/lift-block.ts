import { severalLines } from "@/lib/core/text-input";
import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import { AppError } from "@/lib/core/errors";
import { recordingBlocks, recordings } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { recordingScope } from "@/lib/recordings/recording-scope";

/** Ends the block of a recording, with a reason. Sent twice it changes nothing. @throws AppError `not_found`. */
export const liftBlock = command({
  permission: "recording:block",
  input: z.object({ recordingId: z.uuid(), reason: severalLines(2000, 10) }),
  audits: ["recording.block_lifted"],
  run: async ({ tx, actor, input: { recordingId, reason } }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    const { id, unitId, blockedAt } = recordings;
    const [row] = await tx
      .select({ unitId, blockedAt })
      .from(recordings)
      .where(and(eq(id, recordingId), recordingScope(actor)))
      .for("update");
    if (!row) throw new AppError("not_found");
    const result = { recordingId };
    if (row.blockedAt === null) return { result, unchanged: true as const };
    await tx.update(recordings).set({ blockedAt: null }).where(eq(id, recordingId));
    await tx
      .update(recordingBlocks)
      .set({
        liftedAt: transactionNow,
        liftedById: actor.userId,
        liftReasonEncrypted: encryptField("recording.block_reason", reason),
      })
      .where(and(eq(recordingBlocks.recordingId, recordingId), isNull(recordingBlocks.liftedAt)));
    const target = { type: "recording", id: recordingId, unitId: row.unitId };
    return { result, audits: [auditEvent("recording.block_lifted", { target })] };
  },
});
