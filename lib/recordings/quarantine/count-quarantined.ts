import { and, eq } from "drizzle-orm";
import { recordings } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";
import { recordingConditions } from "@/lib/recordings/recording-conditions";
import { recordingFilters } from "@/lib/recordings/recording-filters";
import { recordingScope } from "@/lib/recordings/recording-scope";

const mostCounted = 1000;

/** How many quarantined recordings match the filters of a list that leaves them out; 1000 means so many or more. */
export const countQuarantined = query({
  permission: "recording:read-quarantined",
  input: recordingFilters,
  run: async ({ db, actor, input }) => {
    const scope = recordingScope(actor);
    const inUnit = input.unitId ? eq(recordings.unitId, input.unitId) : undefined;
    const found = db
      .select({ id: recordings.id })
      .from(recordings)
      .where(and(scope, inUnit, ...recordingConditions({ ...input, quarantined: "yes" }, scope)))
      .limit(mostCounted);
    return { recordings: await db.$count(found.as("found")) };
  },
});
