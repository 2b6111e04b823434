import { asc, sql, type SQL } from "drizzle-orm";
import { eventTextsColumn, eventTextsSql } from "@/lib/operation/canonical-event";
import { copyRows } from "@/lib/audit/copy-stream";
import { EventProver, type ProvenEvent } from "@/lib/audit/event-prover";
import { eventCopyOptions, readEventTexts, textLines } from "@/lib/audit/event-stream";
import { database, type ReadDatabase } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema/audit";

/** A few events in the order of the log, each with its proof. @throws AppError `not_sealed_yet` */
export async function proveEvents(db: ReadDatabase, condition: SQL): Promise<ProvenEvent[]> {
  const rows = await db
    .select({ texts: eventTextsColumn })
    .from(auditEvents)
    .where(condition)
    .orderBy(asc(auditEvents.occurredAt), asc(auditEvents.id));
  const prover = new EventProver(db);
  const proven: ProvenEvent[] = [];
  for (const { texts } of rows) proven.push(await prover.prove(texts));
  return proven;
}

/**
 * Any number of events in the order of their seals, each with its proof; memory does not grow with them. Holds a connection as
 * long as its reader takes: for use inside `holdingSlot`.
 * @param where a condition on `audit_events` with its values already quoted, since COPY takes no parameters.
 */
export async function* streamProvenEvents(where: string): AsyncGenerator<ProvenEvent> {
  const prover = new EventProver(database());
  const rows = copyRows(
    database().$client,
    `select ${eventTextsSql} from audit_events where ${where} order by epoch, transaction_id, id`,
    eventCopyOptions,
  );
  for await (const lines of textLines(rows)) {
    for (const line of lines) {
      const texts = readEventTexts(line);
      if (!texts) throw new Error("an event cannot be read; run: npm run audit -- verify");
      yield await prover.prove(texts);
    }
  }
}

/** How many events a condition picks, and how many of them wait for their seal. */
export async function countSealed(db: ReadDatabase, where: string): Promise<{ events: number; unsealed: number }> {
  // Written out with the table's name: drizzle leaves it away in the columns of a select from one table.
  const waits = sql.raw(
    "audit_events.transaction_id >= coalesce((select s.transaction_to from audit_seals s where s.epoch = audit_events.epoch order by s.transaction_from desc limit 1), '0')",
  );
  const [row] = await db
    .select({ events: sql<number>`count(*)::int`, unsealed: sql<number>`(count(*) filter (where ${waits}))::int` })
    .from(auditEvents)
    .where(sql.raw(where));
  return row!;
}
