import type { SQL } from "drizzle-orm";
import { sql } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import type { ReadDatabase } from "@/lib/db/client";
import type { Evidence } from "@/lib/db/schema/compliance";

/** What a check reads: the database, at one time. */
export type ControlReading = { db: ReadDatabase; now: Date };

/** `holds` null: there is nothing to check here. */
export type ControlFinding = { holds: boolean | null; evidence: Evidence };

/**
 * A duty that the portal can check by itself. Its name and how it is checked stand in the messages.
 * `articles`: the norms that it comes from, as they are cited.
 */
export type Control = {
  articles: readonly string[];
  check: (reading: ControlReading) => Promise<ControlFinding>;
};

export type ControlGroup = Readonly<Record<string, Control>>;

/** Higher counts are shown as "more than". */
export const countedAtMost = 1000;

/** Counts the rows that a condition selects, up to one more than `countedAtMost`. */
export async function countUpTo(db: ReadDatabase, table: PgTable, where: SQL | undefined): Promise<number> {
  const found = db
    .select({ found: sql`1`.as("found") })
    .from(table)
    .where(where)
    .limit(countedAtMost + 1);
  return db.$count(found.as("counted"));
}

/** A control that holds while no row is selected. Its evidence is the count, under `name`. */
export function none(
  articles: readonly string[],
  name: string,
  select: (now: Date) => { from: PgTable; where: SQL | undefined },
): Control {
  return {
    articles,
    check: async ({ db, now }) => {
      const { from, where } = select(now);
      const found = await countUpTo(db, from, where);
      return { holds: found === 0, evidence: { [name]: found } };
    },
  };
}

const dayMs = 86_400_000;

export const daysBefore = (now: Date, days: number) => new Date(now.getTime() - days * dayMs);
