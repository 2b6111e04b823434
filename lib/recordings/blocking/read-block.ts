import { and, desc, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { recordingBlocks, recordings, users } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";
import { recordingScope } from "@/lib/recordings/recording-scope";

/** Since when, by whom and why a recording is blocked; null if it is not. */
export const readBlock = query({
  permission: "recording:read-block",
  input: z.object({ recordingId: z.uuid() }),
  run: async ({ db, actor, input: { recordingId } }) => {
    const { reasonEncrypted, createdAt, liftedAt, id } = recordingBlocks;
    const [row] = await db
      .select({ reasonEncrypted, blockedAt: createdAt, blockedBy: users.name })
      .from(recordingBlocks)
      .innerJoin(recordings, eq(recordings.id, recordingBlocks.recordingId))
      .innerJoin(users, eq(users.id, recordingBlocks.blockedById))
      .where(and(eq(recordingBlocks.recordingId, recordingId), isNull(liftedAt), recordingScope(actor)))
      .orderBy(desc(id))
      .limit(1);
    if (!row) return null;
    const { reasonEncrypted: reason, ...facts } = row;
    return { ...facts, reason: reason && decryptField("recording.block_reason", reason) };
  },
});

export type Block = NonNullable<Awaited<ReturnType<typeof readBlock>>>;
