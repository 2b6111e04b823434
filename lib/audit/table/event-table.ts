import { and, desc, sql, type SQL } from "drizzle-orm";
import { describeEvents, eventItemColumns, type AuditEventItem } from "@/lib/audit/event-descriptions";
import { eventConditions, type EventFilters } from "@/lib/audit/event-filters";
import { eventWords, type EventWords } from "@/lib/audit/table/event-words";
import { env } from "@/lib/core/env";
import type { Database } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema/audit";
import { formatZoneName } from "@/lib/i18n/format";
import type { Locale } from "@/lib/i18n/locales";

/** A value of one column; a time is shown in its zone. */
export type Cell = string | number | null | { at: Date; timeZone: string };

/** The title, at most 31 characters; headers; pages of rows, newest first. */
export type EventTable = { title: string; headers: string[]; pages: AsyncGenerator<Cell[][]> };

const rowsPerRead = 1000;

/**
 * The filtered events as a table for people: translated headers and codes, current names, one value a column, also for
 * the details, of which those have a column that occur. Holds what was committed when it began; in constant memory.
 */
export async function readEventTable(db: Database, filters: EventFilters, locale: Locale): Promise<EventTable> {
  const words = await eventWords(locale);
  const matches = and(eventConditions(filters), await isCommittedNow(db))!;
  const details = await detailNames(db, matches);
  const columns = [...columnsOf(words, locale), ...details.map((name) => detailColumn(words, name))];
  return {
    title: words.say("audit.title"),
    headers: columns.map(({ header }) => header),
    pages: pagesOf(db, matches, (event) => columns.map(({ value }) => value(event))),
  };
}

/** An event of a transaction that this moment sees, whatever is committed later. */
async function isCommittedNow(db: Database): Promise<SQL> {
  const [now] = await db.execute<{ snapshot: string; epoch: string }>(
    sql`select pg_current_snapshot()::text as snapshot, audit_epoch() as epoch`,
  );
  const { epoch, transactionId } = auditEvents;
  return sql`(${epoch} <> ${now!.epoch} or pg_visible_in_snapshot(${transactionId}, ${now!.snapshot}::pg_snapshot))`;
}

async function detailNames(db: Database, matches: SQL): Promise<string[]> {
  const rows = await db
    .selectDistinct({ name: sql<string>`json_object_keys(${auditEvents.details})` })
    .from(auditEvents)
    .where(matches)
    .orderBy(sql`1`);
  return rows.map(({ name }) => name);
}

async function* pagesOf(db: Database, matches: SQL, rowOf: (event: AuditEventItem) => Cell[]) {
  const { occurredAt, id } = auditEvents;
  let last: AuditEventItem | undefined;
  do {
    const after = last
      ? sql`(${occurredAt}, ${id}) < (${last.occurredAt.toISOString()}::timestamptz, ${last.id}::uuid)`
      : undefined;
    const rows = await db
      .select(eventItemColumns)
      .from(auditEvents)
      .where(and(matches, after))
      .orderBy(desc(occurredAt), desc(id))
      .limit(rowsPerRead);
    const page = await describeEvents(db, rows);
    yield page.map(rowOf);
    last = page.length === rowsPerRead ? page.at(-1) : undefined;
  } while (last);
}

type Column = { header: string; value: (event: AuditEventItem) => Cell };

function columnsOf({ say, named, sentence }: EventWords, locale: Locale): Column[] {
  const timeZone = env().CONTROLLER_TIME_ZONE;
  const zone = formatZoneName(timeZone, locale);
  const values: Record<string, (event: AuditEventItem) => Cell> = {
    time: ({ occurredAt: at }) => ({ at, timeZone }),
    timeUtc: ({ occurredAt }) => occurredAt.toISOString(),
    event: ({ action, outcome }) => sentence(action, outcome !== "success"),
    action: ({ action }) => action,
    outcome: ({ outcome }) => named("audit.outcomes", outcome),
    actorType: ({ actor }) => named("audit.table.actorTypes", actor.type),
    actor: ({ actor }) => (actor.type === "job" ? named("audit.actors.jobs", actor.id ?? "") : actor.name),
    actorId: ({ actor }) => actor.id,
    role: ({ actor }) => (actor.role === null ? null : named("shell.roles", actor.role)),
    targetType: ({ target }) => target && named("audit.targets", target.type),
    target: ({ target }) => target?.object?.name ?? null,
    targetTime: ({ target }) => timeOfTarget(target, timeZone),
    targetZone: ({ target }) => zoneOfTarget(target, timeZone, locale),
    targetId: ({ target }) => target?.id ?? null,
    unit: ({ unitName }) => unitName,
    ipAddress: ({ ipAddress }) => ipAddress,
    requestId: ({ requestId }) => requestId,
    seal: ({ seal }) => seal,
    id: ({ id }) => id,
  };
  return Object.entries(values).map(([name, value]) => ({
    header: say(`audit.table.columns.${name}`, { zone }),
    value,
  }));
}

/** When the call or run began; of an anonymised call only the month is known, which is no time. */
function timeOfTarget(target: AuditEventItem["target"], controllerZone: string): Cell {
  const { at, isMonth, timeZone = controllerZone } = target?.object ?? {};
  return at && !isMonth ? { at, timeZone } : null;
}

function zoneOfTarget(target: AuditEventItem["target"], controllerZone: string, locale: Locale): Cell {
  const { at, isMonth, timeZone = controllerZone } = target?.object ?? {};
  return at && !isMonth ? formatZoneName(timeZone, locale) : null;
}

function detailColumn({ say, named, detail }: EventWords, name: string): Column {
  const label = named("audit.details", name);
  return {
    header: say("audit.table.detail", { name: label }),
    value: ({ details }) => {
      const value = details[name] ?? null;
      if (value === null) return null;
      return Array.isArray(value) ? value.map((item) => detail(name, item)).join(", ") : detail(name, value);
    },
  };
}
