import { and, desc, eq, lt } from "drizzle-orm";
import { z } from "zod";
import { idPage, idPageFields } from "@/lib/core/page-input";
import { recordings } from "@/lib/db/schema/recordings";
import { retentionPolicies } from "@/lib/db/schema/retention";
import { units } from "@/lib/db/schema/units";
import { query } from "@/lib/operation/operation";
import { recordingScope } from "@/lib/recordings/recording-scope";

/** One page of the recordings that a run deleted, latest received first. The cursor is the last id shown. */
export const listRunRecordings = query({
  permission: "retention-run:list",
  input: z.object({ runId: z.uuid(), ...idPageFields(100, 25) }),
  run: async ({ db, actor, input: { runId, cursor, limit } }) => {
    const {
      id,
      startedAt,
      anonymisedAt,
      sizeBytes,
      retainUntil,
      deletedAt,
      deletionReason: reason,
      deletionRunId,
    } = recordings;
    const found = await db
      .select({
        id,
        startedAt,
        anonymisedAt,
        sizeBytes,
        retainUntil,
        deletedAt,
        reason,
        unit: units.name,
        timeZone: units.timeZone,
        policy: retentionPolicies.name,
      })
      .from(recordings)
      .innerJoin(units, eq(units.id, recordings.unitId))
      .leftJoin(retentionPolicies, eq(retentionPolicies.id, recordings.retentionPolicyId))
      .where(and(recordingScope(actor), eq(deletionRunId, runId), cursor ? lt(id, cursor) : undefined))
      .orderBy(desc(id))
      .limit(limit + 1);
    return idPage(found, limit, "id");
  },
});

export type RunRecordingRow = Awaited<ReturnType<typeof listRunRecordings>>["rows"][number];
