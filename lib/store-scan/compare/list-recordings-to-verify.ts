import { sql, and, eq } from "drizzle-orm";
import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import { isBehind } from "@/lib/store-scan/compare/row-cursor";
import { legalHoldRecordings } from "@/lib/db/schema/legal-holds";
import { recordings } from "@/lib/db/schema/recordings";
import { query } from "@/lib/operation/operation";
import type { ReadDatabase } from "@/lib/db/client";
import { AppError } from "@/lib/core/errors";

/**
 * Stored recordings last verified before `before`, never verified ones first. Only for code of `lib`: it has object
 * keys.
 */
export const listRecordingsToVerify = query({
  permission: "store-scan:run",
  input: z.object({ before: z.date(), cursor: z.string().max(100).nullable(), limit: rowLimit(1000) }),
  run: async ({ db, input: { before, cursor, limit } }) => {
    const verified = sql`coalesce(${recordings.verifiedAt}, '-infinity')`;
    const rows = await db
      .select(recordingInCustody())
      .from(recordings)
      .where(
        sql`${recordings.state} = 'stored' and ${verified} < ${before.toISOString()}::timestamptz
          and ${isBehind(verified, recordings.id, cursor)}`,
      )
      .orderBy(verified, recordings.id)
      .limit(limit);
    return rows as RecordingInCustody[];
  },
});

/** A stored recording with its columns, and the state of its lock according to its holds. */
export type RecordingInCustody = Pick<
  typeof recordings.$inferSelect,
  "id" | "objectVersionId" | "objectEtag" | "encryption" | "durationMs" | "verifiedAt"
> & {
  objectKey: string;
  sizeBytes: number;
  sha256: Buffer;
  /** Held, and for more than an hour. */
  isHeldLong: boolean;
  isHeld: boolean;
  /** All of its holds say that the store has locked it. */
  isLocked: boolean;
};

export function recordingInCustody() {
  const { id, objectKey, objectVersionId, objectEtag, sizeBytes, sha256, encryption, durationMs, verifiedAt } =
    recordings;
  const holds = sql`from ${legalHoldRecordings} as held
    where held.recording_id = ${recordings.id} and held.released_at is null`;
  return {
    ...{ id, objectKey, objectVersionId, objectEtag, sizeBytes, sha256, encryption, durationMs, verifiedAt },
    isHeld: sql<boolean>`exists (select ${holds})`,
    isHeldLong: sql<boolean>`exists (select ${holds} and held.created_at < now() - interval '1 hour')`,
    isLocked: sql<boolean>`exists (select ${holds} and held.locked_at is not null)`,
  };
}

/** The stored recording that a finding is about. @throws AppError `conflict` when it is no longer stored. */
export async function readRecordingInCustody(db: ReadDatabase, recordingId: string): Promise<RecordingInCustody> {
  const [row] = await db
    .select(recordingInCustody())
    .from(recordings)
    .where(and(eq(recordings.id, recordingId), eq(recordings.state, "stored")));
  if (!row) throw new AppError("conflict", "the recording is no longer stored");
  return row as RecordingInCustody;
}
