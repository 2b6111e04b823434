import { and, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import { pick } from "@/lib/core/pick";
import { derivedRecordings } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";

/** The audio that was ordered of a recording for a request, and how far it is; null if none is kept. */
export const readSubjectAudio = query({
  permission: "subject-request:work",
  input: z.object({ requestId: z.uuid(), recordingId: z.uuid() }),
  run: async ({ db, input: { requestId, recordingId } }) => {
    const [file] = await db
      .select(
        pick(
          derivedRecordings,
          ...(["id", "form", "subjectChannel", "silences", "state", "failureCode", "durationMs"] as const),
          ...(["sizeBytes", "keepUntil", "createdAt", "madeAt"] as const),
        ),
      )
      .from(derivedRecordings)
      .where(
        and(
          eq(derivedRecordings.requestId, requestId),
          eq(derivedRecordings.recordingId, recordingId),
          inArray(derivedRecordings.state, ["waiting", "storing", "ready", "failed"]),
        ),
      );
    return file ?? null;
  },
});

export type SubjectAudio = NonNullable<Awaited<ReturnType<typeof readSubjectAudio>>>;
