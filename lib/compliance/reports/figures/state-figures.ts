import { and, eq, gte, isNull, lt, or, sql, type SQL } from "drizzle-orm";
import type { Measured } from "@/lib/compliance/reports/figures/figure";
import { boundsOf, type ReportPeriod } from "@/lib/compliance/reports/report-period";
import type { ReadDatabase } from "@/lib/db/client";
import { auditEvents, legalHolds, subjectRequestRights, subjectRequests } from "@/lib/db/schema";

const countOf = (which: SQL | undefined) => sql<number>`count(*) filter (where ${which})`.mapWith(Number);

/** Deletions with their receipts, holds, what runs deleted, and the clocks of requests. */
export async function stateFigures(db: ReadDatabase, period: ReportPeriod): Promise<Measured[]> {
  const figures = [await deletions(db, period), await holds(db, period), await requests(db, period)];
  return figures.flat();
}

const within = ({ start, end }: ReturnType<typeof boundsOf>) =>
  and(gte(auditEvents.occurredAt, start), lt(auditEvents.occurredAt, end));

/** A receipt counts whenever it was issued: of the recording, of its run, or of its order. */
async function deletions(db: ReadDatabase, period: ReportPeriod): Promise<Measured[]> {
  const { targetId, details, action } = auditEvents;
  const reason = sql<string | null>`${details} ->> 'reason'`;
  const receipt = sql`exists (select from ${auditEvents} as receipt where receipt.action = 'receipt.issued'
    and receipt.target_id in (${targetId}, ${details} ->> 'runId', ${details} ->> 'orderId'))`;
  const rows = await db
    .select({
      reason,
      deleted: sql<number>`count(distinct ${targetId})`.mapWith(Number),
      withReceipt: sql<number>`count(distinct ${targetId}) filter (where ${receipt})`.mapWith(Number),
      byRun: sql<number>`count(distinct ${targetId}) filter (where ${details} ->> 'runId' is not null)`.mapWith(Number),
    })
    .from(auditEvents)
    .where(and(eq(action, "recording.deleted"), within(boundsOf(period))))
    .groupBy(sql`1`);
  const sum = (of: "deleted" | "withReceipt" | "byRun") => rows.reduce((total, row) => total + row[of], 0);
  const total = (name: Measured["name"], value: number) => ({ section: "deletions" as const, name, of: null, value });
  return [
    total("deletedRecordings", sum("deleted")),
    ...rows.map((row) => ({
      ...{ section: "deletions" as const, name: "deletedRecordings" as const, value: row.deleted },
      of: { kind: "reason" as const, id: row.reason ?? "" },
    })),
    total("withReceipt", sum("withReceipt")),
    total("withoutReceipt", sum("deleted") - sum("withReceipt")),
    { section: "runs", name: "runDeletions", of: null, value: sum("byRun") },
  ];
}

async function holds(db: ReadDatabase, period: ReportPeriod): Promise<Measured[]> {
  const { end } = boundsOf(period);
  const { createdAt, releasedAt } = legalHolds;
  const inForce = and(lt(createdAt, end), or(isNull(releasedAt), gte(releasedAt, end)));
  return [{ section: "holds", name: "holdsInForce", of: null, value: await db.$count(legalHolds, inForce) }];
}

/** Rights of data subjects: received and answered in the period, and how they stood at its end. */
async function requests(db: ReadDatabase, period: ReportPeriod): Promise<Measured[]> {
  const { start, end } = boundsOf(period);
  const { receivedAt, isUnproven } = subjectRequests;
  const { answeredAt, closedAt, dueUntil, requestId } = subjectRequestRights;
  // What was withdrawn or closed without an answer is not open either.
  const endedAt = sql`coalesce(${answeredAt}, ${closedAt}, ${subjectRequests.closedAt}, ${subjectRequests.emptiedAt})`;
  const openAtEnd = and(
    lt(receivedAt, end),
    sql`(${endedAt} is null or ${endedAt} >= ${end.toISOString()}::timestamptz)`,
  );
  const inPeriod = and(gte(answeredAt, start), lt(answeredAt, end));
  const [row] = await db
    .select({
      received: countOf(and(gte(receivedAt, start), lt(receivedAt, end))),
      answered: countOf(inPeriod),
      answeredLate: countOf(and(inPeriod, sql`${answeredAt} >= ${dueUntil}`)),
      openAtEnd: countOf(openAtEnd),
      overdueAtEnd: countOf(and(openAtEnd, lt(dueUntil, end))),
    })
    .from(subjectRequestRights)
    .innerJoin(subjectRequests, eq(subjectRequests.id, requestId))
    .where(eq(isUnproven, false));
  return Object.entries(row!).map(([name, value]) => ({
    ...{ section: "requests" as const, name: name as Measured["name"], of: null, value },
  }));
}
