import { inArray } from "drizzle-orm";
import { database } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";

/** Ends the doubt about the dates of these recordings (all, without ids), as if a person had confirmed them. */
export async function endDoubt(...recordingIds: string[]): Promise<void> {
  const which = recordingIds.length > 0 ? inArray(recordings.id, recordingIds) : undefined;
  await database().update(recordings).set({ dateDoubt: null }).where(which);
}
