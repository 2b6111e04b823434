import { desc, sql } from "drizzle-orm";
import { z } from "zod";
import { idPage, idPageFields } from "@/lib/core/page-input";
import { retentionRuns } from "@/lib/db/schema/retention";
import { query } from "@/lib/operation/operation";

type Run = typeof retentionRuns.$inferSelect;
export type RetentionRunRow = Pick<
  Run,
  | "id"
  | "startedAt"
  | "finishedAt"
  | "state"
  | "due"
  | "marked"
  | "deleted"
  | "failed"
  | "held"
  | "doubtfulDate"
  | "blocked"
  | "bytesDeleted"
  | "remaining"
>;
export type RetentionRunPage = { runs: RetentionRunRow[]; nextCursor: string | null };

/** One page of runs, the latest first. The cursor is the id of the last run of the page before. */
export const listRetentionRuns = query({
  permission: "retention-run:list",
  input: z.object({ ...idPageFields(100, 20) }),
  run: async ({ db, input: { cursor, limit } }): Promise<RetentionRunPage> => {
    const { id, startedAt, finishedAt, state, due, marked, deleted, failed, held, bytesDeleted, remaining } =
      retentionRuns;
    const { doubtfulDate, blocked } = retentionRuns;
    const counts = { due, marked, deleted, failed, held, doubtfulDate, blocked, bytesDeleted, remaining };
    const found = await db
      .select({ id, startedAt, finishedAt, state, ...counts })
      .from(retentionRuns)
      .where(
        cursor
          ? sql`(${startedAt}, ${id}) <
              (select last.started_at, last.id from ${retentionRuns} as last where last.id = ${cursor})`
          : undefined,
      )
      .orderBy(desc(startedAt), desc(id))
      .limit(limit + 1);
    const { rows: runs, nextCursor } = idPage(found, limit, "id");
    return { runs, nextCursor };
  },
});
