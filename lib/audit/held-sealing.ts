import { sql } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema/audit";

/** From then on a transaction that keeps events from their seal is an alarm. */
const heldAfterSeconds = 10;

/** Higher counts are not told apart. */
const countedAtMost = 1000;

/** A database transaction that was open when events were committed after it began: none of them can be sealed. */
export type HeldSealing = {
  /** How long sealing is held: the age of the transaction, or of the oldest waiting event where that is hidden. */
  seconds: number;
  /** Committed events that wait for it; at most 1000. */
  waiting: number;
  oldestAt: Date;
  /**
   * Its process in the database server and the role. `startedAt` is null where the database hides it: without
   * `pg_read_all_stats` the portal sees only the age of its own role's transactions. Null if it has just ended.
   */
  transaction: { pid: number | null; role: string | null; startedAt: Date | null } | null;
};

/** What holds sealing since ten seconds or more, or null. Events that wait for the sealer alone are not held. */
export async function readHeldSealing(db: ReadDatabase): Promise<HeldSealing | null> {
  const horizon = sql<string>`pg_snapshot_xmin(pg_current_snapshot())`;
  const held = sql`(select e.occurred_at from ${auditEvents} e
    where e.epoch = audit_epoch() and e.transaction_id >= ${horizon}
    order by e.transaction_id limit ${countedAtMost}) held`;
  const [row] = await db
    .select({
      horizon: sql<string>`${horizon}::text`,
      now: sql<string>`clock_timestamp()::text`,
      waiting: sql<number>`count(*)::int`,
      oldestAt: sql<string | null>`min(held.occurred_at)::text`,
    })
    .from(held);
  const { waiting, oldestAt, now } = row!;
  if (oldestAt === null) return null;
  const holder = await readHolder(db, row!.horizon);
  const startedAt = holder?.startedAt ? new Date(holder.startedAt) : null;
  const since = Math.min(Date.parse(oldestAt), startedAt?.getTime() ?? Infinity);
  const seconds = Math.floor((Date.parse(now) - since) / 1000);
  if (seconds < heldAfterSeconds) return null;
  const transaction = holder ? { pid: holder.pid, role: holder.role, startedAt } : null;
  return { seconds, waiting, oldestAt: new Date(oldestAt), transaction };
}

/** Every role may see who holds the lock of a transaction id, and prepared transactions with their time. */
async function readHolder(db: ReadDatabase, transactionId: string) {
  const lockId = sql`(${transactionId}::numeric % 4294967296)::bigint`;
  const holders = sql`(
    select l.pid, a.usename::text as role, a.xact_start::text as "startedAt"
    from pg_locks l join pg_stat_activity a on a.pid = l.pid
    where l.locktype = 'transactionid' and l.granted and l.mode = 'ExclusiveLock'
      and l.transactionid::text::bigint = ${lockId}
    union all
    select null, p.owner::text, p.prepared::text from pg_prepared_xacts p
    where p.transaction::text::bigint = ${lockId}
    limit 1) holder`;
  const [holder] = await db
    .select({
      pid: sql<number | null>`holder.pid`,
      role: sql<string | null>`holder.role`,
      startedAt: sql<string | null>`holder."startedAt"`,
    })
    .from(holders);
  return holder;
}

/** The age and the holder in words, for the operator. */
export function describeHeld({ seconds, waiting, oldestAt, transaction }: HeldSealing): string {
  const events = `${waiting} events wait for their seal since ${oldestAt.toISOString()}`;
  if (!transaction) return `${events}; the transaction that held them has just ended`;
  const { pid, role, startedAt } = transaction;
  const who = pid === null ? `a prepared transaction of ${role}` : `process ${pid} of the database (role ${role})`;
  const age = startedAt ? `open since ${startedAt.toISOString()}` : `open for at least ${seconds} seconds`;
  return `${events}: ${who} has a writing transaction ${age}`;
}
