import { asc, eq, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import { recordings, units } from "@/lib/db/schema";
import { holdSelection } from "@/lib/legal-holds/hold-selection";
import { canBeHeld, isTooLate, selectionCondition } from "@/lib/legal-holds/selection-condition";
import { query } from "@/lib/operation";
import { isHeld } from "@/lib/retention/may-be-deleted";

export type HoldPreview = {
  recordings: number;
  sizeBytes: number;
  /** Of these, those that another hold keeps already. */
  alreadyHeld: number;
  /** Matched too, and being deleted or deleted: no hold brings them back. */
  tooLate: number;
  units: { id: string; name: string; recordings: number; sizeBytes: number }[];
};

/** What a selection would put under a hold now: how many, how large, of which units, and what it is too late for. */
export const previewHold = query({
  permission: "legal-hold:place",
  input: z.object({ selection: holdSelection }),
  run: async ({ db, actor, input: { selection } }): Promise<HoldPreview> => {
    const wanted = "filters" in selection ? selection.filters.state : undefined;
    const states = canBeHeld.filter((state) => wanted === undefined || state === wanted);
    const holdable = states.length === 0 ? sql`false` : inArray(recordings.state, states);
    const count = (condition: ReturnType<typeof sql>) => sql<number>`count(*) filter (where ${condition})::int`;
    const rows = await db
      .select({
        ...{ id: units.id, name: units.name },
        recordings: count(sql`${holdable}`),
        sizeBytes: sql<number>`coalesce(sum(${recordings.sizeBytes}) filter (where ${holdable}), 0)::float8`,
        alreadyHeld: count(sql`${holdable} and ${isHeld()}`),
        tooLate: count(sql`${inArray(recordings.state, [...isTooLate])}`),
      })
      .from(recordings)
      .innerJoin(units, eq(units.id, recordings.unitId))
      .where(selectionCondition(selection, actor))
      .groupBy(units.id)
      .orderBy(asc(units.name), asc(units.id));
    const sum = (value: "recordings" | "sizeBytes" | "alreadyHeld" | "tooLate") => rows.reduce((total, row) => total + row[value], 0);
    const byUnit = rows.filter((row) => row.recordings > 0).map(({ id, name, recordings: found, sizeBytes }) => ({ id, name, recordings: found, sizeBytes }));
    return { recordings: sum("recordings"), sizeBytes: sum("sizeBytes"), alreadyHeld: sum("alreadyHeld"), tooLate: sum("tooLate"), units: byUnit };
  },
});
