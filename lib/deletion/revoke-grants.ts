import { and, isNull, sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { playbackGrants } from "@/lib/db/schema/playback";
import { idList } from "@/lib/db/id-list";

/** Ends every grant to hear or download these recordings. */
export async function revokeGrants(tx: Transaction, recordingIds: readonly string[]): Promise<void> {
  await tx
    .update(playbackGrants)
    .set({ revokedAt: sql`now()` })
    .where(and(sql`${playbackGrants.recordingId} = any(${idList(recordingIds)})`, isNull(playbackGrants.revokedAt)));
}
