import { and, eq } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema/recordings";
import { recordingInCustody, type RecordingInCustody } from "@/lib/store-scan/list-recordings-to-verify";
import { AppError } from "@/lib/core/errors";

/** The stored recording that a finding is about. @throws AppError `conflict` when it is stored no longer. */
export async function readRecordingInCustody(db: ReadDatabase, recordingId: string): Promise<RecordingInCustody> {
  const [row] = await db
    .select(recordingInCustody())
    .from(recordings)
    .where(and(eq(recordings.id, recordingId), eq(recordings.state, "stored")));
  if (!row) throw new AppError("conflict", "the recording is no longer stored");
  return row as RecordingInCustody;
}
