import type { exportAuditLog } from "@/lib/audit/export-audit-log";
import { writeExport } from "@/lib/audit/export/export-writer";
import { database, type Database } from "@/lib/db/client";
import { and, desc, sql } from "drizzle-orm";
import { stringify } from "csv-stringify/sync";
import { describeEvents, eventItemColumns, type AuditEventItem } from "@/lib/audit/event-descriptions";
import { eventConditions, type EventFilters } from "@/lib/audit/event-filters";
import { auditEvents } from "@/lib/db/schema/audit";
import { env } from "@/lib/core/env";
import { formatDateTime } from "@/lib/i18n/format";

const rowsPerRead = 1000;

const columns = [
  "time",
  "time_utc",
  "action",
  "outcome",
  "actor_type",
  "actor",
  "actor_id",
  "actor_role",
  "target_type",
  "target",
  "target_id",
  "unit",
  "ip_address",
  "request_id",
  "details",
  "seal",
  "id",
];

/** The bytes of an export that `exportAuditLog` has authorised and recorded. */
export function exportPieces({ plan, format }: Awaited<ReturnType<typeof exportAuditLog>>): AsyncGenerator<Buffer> {
  return format === "csv" ? writeCsv(database(), plan.filters) : writeExport(database(), plan);
}

/** The filtered list as CSV, newest first, with local and UTC times and current names. */
async function* writeCsv(db: Database, filters: EventFilters): AsyncGenerator<Buffer> {
  yield Buffer.from(`\uFEFF${stringify([columns])}`);
  let last: AuditEventItem | undefined;
  do {
    const after = last
      ? sql`(${auditEvents.occurredAt}, ${auditEvents.id}) < (${last.occurredAt.toISOString()}::timestamptz,
        ${last.id}::uuid)`
      : undefined;
    const rows = await db
      .select(eventItemColumns)
      .from(auditEvents)
      .where(and(eventConditions(filters), after))
      .orderBy(desc(auditEvents.occurredAt), desc(auditEvents.id))
      .limit(rowsPerRead);
    const page = await describeEvents(db, rows);
    // Prevents a name that begins with "=" from becoming a spreadsheet formula.
    yield Buffer.from(stringify(page.map(csvRow), { escape_formulas: true }));
    last = page.length === rowsPerRead ? page.at(-1) : undefined;
  } while (last);
}

function csvRow({ occurredAt, actor, target, ...event }: AuditEventItem) {
  return [
    formatDateTime(occurredAt, env().CONTROLLER_TIME_ZONE, { seconds: true }),
    occurredAt.toISOString(),
    ...[event.action, event.outcome],
    ...[actor.type, actor.name, actor.id, actor.role],
    ...[target?.type, target?.object?.name, target?.id],
    ...[event.unitName, event.ipAddress, event.requestId, JSON.stringify(event.details), event.seal, event.id],
  ];
}
