import { and, arrayOverlaps, asc, count, eq, inArray, isNull, sql } from "drizzle-orm";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import type { ReadDatabase } from "@/lib/db/client";
import { playbackGrants, subjectRequestSharerTasks } from "@/lib/db/schema";

/** To whom recordings went, as far as the portal knows (LGPD Art. 18, VII). */
export type KnownShares = {
  /** People and companies outside, as the DPO named them in any request. */
  recipients: string[];
  /** Downloads by the company's own people, by purpose. */
  downloads: { purpose: (typeof playbackGrants.$inferSelect)["purpose"]; count: number }[];
};

/** Through a signed link of the store the portal does not see what was sent: such a grant counts. */
export const wasSent = sql`(${playbackGrants.delivery} = 'presigned' or ${playbackGrants.bytesSent} <> '{}')`;

/** Who received any of these recordings. */
export async function knownShares(db: ReadDatabase, ids: readonly string[]): Promise<KnownShares> {
  if (ids.length === 0) return { recipients: [], downloads: [] };
  const { userId, recipientEncrypted, recordingIds, id } = subjectRequestSharerTasks;
  const named = await db
    .select({ recipientEncrypted })
    .from(subjectRequestSharerTasks)
    .where(and(isNull(userId), arrayOverlaps(recordingIds, [...ids])))
    .orderBy(asc(id));
  const { purpose, kind, recordingId } = playbackGrants;
  const downloads = await db
    .select({ purpose, count: count() })
    .from(playbackGrants)
    .where(and(eq(kind, "download"), inArray(recordingId, [...ids]), wasSent))
    .groupBy(purpose)
    .orderBy(purpose);
  const names = named.flatMap(({ recipientEncrypted: name }) =>
    name ? [decryptField("subject_request.sharer", name)] : [],
  );
  return { recipients: [...new Set(names)], downloads };
}
