import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { storeScanFindings } from "@/lib/db/schema/store-scan";
import { recordings } from "@/lib/db/schema/recordings";
import { recordingInCustody, type RecordingInCustody } from "@/lib/store-scan/list-recordings-to-verify";
import { query } from "@/lib/operation/operation";

/** An open finding and its recording where that is stored; null when it is resolved. For code of `lib` alone. */
export const readFindingToRetry = query({
  permission: "store-scan:run",
  input: z.object({ findingId: z.uuid() }),
  run: async ({ db, input: { findingId } }) => {
    const [finding] = await db
      .select({ kind: storeScanFindings.kind, recordingId: storeScanFindings.recordingId })
      .from(storeScanFindings)
      .where(and(eq(storeScanFindings.id, findingId), isNull(storeScanFindings.resolvedAt)));
    if (!finding?.recordingId) return null;
    const [recording] = await db
      .select(recordingInCustody())
      .from(recordings)
      .where(and(eq(recordings.id, finding.recordingId), eq(recordings.state, "stored")));
    return {
      ...finding,
      recordingId: finding.recordingId,
      recording: (recording ?? null) as RecordingInCustody | null,
    };
  },
});
