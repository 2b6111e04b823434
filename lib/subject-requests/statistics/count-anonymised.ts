import { desc, eq, sql } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { anonymisedCalls } from "@/lib/db/schema";
import { queues, units } from "@/lib/db/schema/units";
import type { StatisticsPeriod } from "@/lib/subject-requests/statistics/statistics-period";

/** Groups with fewer recordings are not told apart: who knows one of these calls would know which it is. */
const smallestGroup = 10;

type Group = { month: string; unit: string | null; queue: string | null; recordings: number; durationMs: number };

/**
 * Anonymised recordings by month of the call, unit and queue, latest month first. Small groups of a month are one
 * group without unit and queue, which is left out if it is small too.
 */
export async function countAnonymised(db: ReadDatabase, { from, to }: StatisticsPeriod): Promise<Group[]> {
  const { month, unitId, queueId, recordings, durationMs } = anonymisedCalls;
  const sum = (column: unknown) => sql<number>`sum(${column})::float8`;
  const rows = await db
    .select({
      ...{ month: sql<string>`to_char(${month}, 'YYYY-MM')`, unit: units.name, queue: queues.code },
      ...{ recordings: sum(recordings), durationMs: sum(durationMs) },
    })
    .from(anonymisedCalls)
    .innerJoin(units, eq(units.id, unitId))
    .leftJoin(queues, eq(queues.id, queueId))
    .where(sql`${month} between ${`${from.slice(0, 7)}-01`}::date and ${to}::date`)
    .groupBy(month, units.id, queues.id)
    .orderBy(desc(month), units.name, queues.code);
  return [...Map.groupBy(rows, (row) => row.month).values()].flatMap(withoutSmallGroups);
}

function withoutSmallGroups(groups: Group[]): Group[] {
  const [large, small] = [groups.filter(isLarge), groups.filter((group) => !isLarge(group))];
  const total = (of: (group: Group) => number) => small.reduce((sum, group) => sum + of(group), 0);
  const others = {
    ...{ month: groups[0]!.month, unit: null, queue: null },
    ...{ recordings: total((group) => group.recordings), durationMs: total((group) => group.durationMs) },
  };
  return isLarge(others) ? [...large, others] : large;
}

const isLarge = ({ recordings }: Group) => recordings >= smallestGroup;
