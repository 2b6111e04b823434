import { and, sql, type SQL } from "drizzle-orm";
import type { OversightSettings } from "@/lib/compliance/oversight/oversight-settings";
import { accessRows, isAccess } from "@/lib/compliance/reports/figures/access-rows";
import type { FigureName, FigureSubject, Measured } from "@/lib/compliance/reports/figures/figure";
import { boundsOf, type ReportPeriod } from "@/lib/compliance/reports/report-period";
import { env } from "@/lib/core/env";
import type { ReadDatabase } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";

const section = "access" as const;
const countOf = (which: SQL) => sql<number>`count(*) filter (where ${which})`.mapWith(Number);
const isPlay = sql`access.kind = 'play'`;

/** Who played and downloaded, under which purpose; off hours, the same number often, many in a short time. */
export async function accessFigures(
  db: ReadDatabase,
  period: ReportPeriod,
  settings: OversightSettings,
): Promise<Measured[]> {
  const rows = accessRows(boundsOf(period), settings);
  const totals = await counted(db, rows, null);
  const groups = [];
  for (const kind of ["user", "unit", "purpose"] as const) groups.push(...(await counted(db, rows, kind)));
  return [...totals, ...groups, ...(await bursts(db, rows, settings)), ...(await numbers(db, rows, settings))];
}

const columns = { user: sql`access.user_id`, unit: sql`access.unit_id::text`, purpose: sql`access.purpose` };

/** The counts of all accesses, or of each person, unit or purpose. */
async function counted(db: ReadDatabase, rows: SQL, kind: keyof typeof columns | null): Promise<Measured[]> {
  const id = kind === null ? sql<string | null>`null::text` : (columns[kind] as SQL<string | null>);
  const found = await db
    .select({
      id,
      plays: countOf(and(isPlay, isAccess)!),
      downloads: countOf(and(sql`not ${isPlay}`, isAccess)!),
      unsentAccesses: countOf(sql`not access.was_sent`),
      failedPlays: countOf(sql`access.was_sent and access.has_failed`),
      offHours: countOf(and(sql`access.is_off_hours`, isAccess)!),
    })
    .from(rows)
    .groupBy(sql`1`);
  return found.flatMap(({ id: subject, ...counts }) => {
    if (kind !== null && subject === null) return [];
    const of: FigureSubject | null = kind === null ? null : { kind, id: subject! };
    const names = kind === null || kind === "user" ? Object.keys(counts) : ["plays", "downloads"];
    return names
      .map((name) => ({ section, name: name as FigureName, of, value: counts[name as keyof typeof counts] }))
      .filter(({ value }) => of === null || value > 0);
  });
}

/** The most accesses of one person within an hour, and how many people had many. */
async function bursts(db: ReadDatabase, rows: SQL, { thresholds }: OversightSettings): Promise<Measured[]> {
  const windows = sql`(select access.user_id, count(*) over (partition by access.user_id order by access.at
    range between interval '1 hour' preceding and current row) as found from ${rows} where ${isAccess}) as windows`;
  const most = sql<number>`max(windows.found)`.mapWith(Number);
  const people = await db
    .select({ id: sql<string>`windows.user_id`, most })
    .from(windows)
    .groupBy(sql`1`);
  const many = people.filter((person) => person.most >= thresholds.manyAccesses);
  return [
    { section, name: "mostWithinHour", of: null, value: Math.max(0, ...people.map((person) => person.most)) },
    { section, name: "peopleWithMany", of: null, value: many.length },
    ...many.map(({ id, most: value }) => ({
      ...{ section, name: "mostWithinHour" as const, of: { kind: "user" as const, id }, value },
    })),
  ];
}

/** Numbers whose calls were accessed often within a day. Recordings that are gone have no number any more. */
async function numbers(db: ReadDatabase, rows: SQL, { thresholds }: OversightSettings): Promise<Measured[]> {
  const day = sql`(access.at at time zone ${env().CONTROLLER_TIME_ZONE}::text)::date`;
  const days = sql`(select ${recordings.customerNumberIndex} as number, ${day} as day, count(*) as found
    from ${rows} join ${recordings} on ${recordings.id} = access.recording_id::uuid
    where ${isAccess} and ${recordings.customerNumberIndex} is not null group by 1, 2) as days`;
  const [found] = await db
    .select({
      often: countOf(sql`days.found >= ${thresholds.sameNumber}::int`),
      most: sql<number>`coalesce(max(days.found), 0)`.mapWith(Number),
    })
    .from(days);
  return [
    { section, name: "numbersOften", of: null, value: found!.often },
    { section, name: "mostOfNumber", of: null, value: found!.most },
  ];
}
