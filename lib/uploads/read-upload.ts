import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { recordings } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { query } from "@/lib/operation/operation";
import { presentRecordingId, storedSha256 } from "@/lib/db/recording-ids";
import { uploadedBy } from "@/lib/recordings/uploader";

/**
 * The state of an upload, for the phone system that sent it.
 * @throws AppError `not_found`.
 */
export const readUpload = query({
  permission: "recording:upload",
  input: z.object({ recordingId: z.uuid() }),
  run: async ({ db, actor, input }) => {
    const { id, state, source, sourceCallId, sourceRecordingId, storedAt, rejectionCode, rejectionForm, isEmpty } =
      recordings;
    const [upload] = await db
      .select({
        id,
        state,
        source,
        sourceCallId,
        sourceRecordingId,
        sha256: storedSha256,
        storedAt,
        rejectionCode,
        isEmpty,
        rejectionForm,
      })
      .from(recordings)
      .where(and(eq(id, input.recordingId), uploadedBy(actor)));
    if (!upload) throw new AppError("not_found");
    return { ...upload, sourceRecordingId: presentRecordingId(upload.sourceRecordingId) };
  },
});
