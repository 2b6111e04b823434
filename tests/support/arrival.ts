import { and, inArray, isNotNull } from "drizzle-orm";
import { database } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";

/** A time of storage that is older than the days during which retention leaves a new recording alone. */
export const longAgo = () => new Date(Date.now() - 8 * 86_400_000);

/**
 * Makes these recordings (all, without ids) older than the days during which retention leaves a new recording alone.
 */
export async function letArrivalPass(...recordingIds: string[]): Promise<void> {
  const which = recordingIds.length > 0 ? inArray(recordings.id, recordingIds) : undefined;
  await database()
    .update(recordings)
    .set({ storedAt: longAgo() })
    .where(and(isNotNull(recordings.storedAt), which));
}
