import { and, inArray, isNotNull } from "drizzle-orm";
import { database } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";

/** A time of arrival so long past that retention no longer leaves a recording alone for it. */
export const longAgo = () => new Date(Date.now() - 8 * 86_400_000);

/** The days after arrival are over for these recordings, which came through the portal just now; for all without ids. */
export async function letArrivalPass(...recordingIds: string[]): Promise<void> {
  const which = recordingIds.length > 0 ? inArray(recordings.id, recordingIds) : undefined;
  await database()
    .update(recordings)
    .set({ storedAt: longAgo() })
    .where(and(isNotNull(recordings.storedAt), which));
}
