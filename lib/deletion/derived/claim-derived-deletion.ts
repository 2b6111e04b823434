import { and, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { startOfDay } from "@/lib/core/time";
import { derivedRecordings, playbackGrants } from "@/lib/db/schema";
import { databaseNow, transactionNow } from "@/lib/db/schema/columns";
import { command } from "@/lib/operation/operation";

/** `waitMs`: until its date has passed, or nobody can be writing it any more. Else the key to erase. */
type DerivedClaim = { waitMs: number } | { objectKey: string };

/**
 * Begins the deletion of audio that was derived for a request: nobody can play or deliver it from then on. Its date is
 * read again under lock, because it may have been put off. No legal hold keeps it: that keeps the recording itself.
 * Null: there is nothing to delete.
 */
export const claimDerivedDeletion = command({
  permission: "recording:retire",
  input: z.object({ derivedId: z.uuid() }),
  // The command that confirms the deletion logs it.
  audits: [],
  run: async ({ tx, input: { derivedId } }): Promise<{ result: DerivedClaim | null; unchanged: true }> => {
    const { id, state, objectKey, keepUntil, storingUntil } = derivedRecordings;
    const writesForMs = sql<number>`greatest(0, extract(epoch from ${storingUntil} - now()) * 1000)::float8`;
    const [file] = await tx
      .select({ state, objectKey, keepUntil, writesForMs, now: sql`${databaseNow}`.mapWith(playbackGrants.expiresAt) })
      .from(derivedRecordings)
      .where(eq(id, derivedId))
      .for("update");
    if (!file?.objectKey) return { result: null, unchanged: true };
    const keptForMs = startOfDay(file.keepUntil, 1).getTime() - file.now.getTime();
    if (file.state !== "deleting" && keptForMs > 0) return { result: { waitMs: keptForMs }, unchanged: true };
    await tx.update(derivedRecordings).set({ state: "deleting" }).where(eq(id, derivedId));
    await tx
      .update(playbackGrants)
      .set({ revokedAt: transactionNow })
      .where(and(eq(playbackGrants.derivedRecordingId, derivedId), isNull(playbackGrants.revokedAt)));
    const { writesForMs: waitMs } = file;
    return { result: waitMs > 0 ? { waitMs: Math.ceil(waitMs) } : { objectKey: file.objectKey }, unchanged: true };
  },
});
