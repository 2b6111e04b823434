import { and, desc, eq, gte, lt, sql } from "drizzle-orm";
import { sealColumns, type SealRow } from "@/lib/audit/seal-row";
import type { Database, ReadDatabase, Transaction } from "@/lib/db/client";
import { auditEvents, auditSeals } from "@/lib/db/schema/audit";

/**
 * Events of one epoch with transactionFrom <= transaction_id < transactionTo. All their transactions have ended, so no
 * further event can join them.
 */
export type UnsealedRange = { epoch: string; anchorEpoch: string; transactionFrom: bigint; transactionTo: bigint };

/** The newest seal, or undefined if there is none. */
export async function lastSeal(db: ReadDatabase): Promise<SealRow | undefined> {
  const [row] = await db.select(sealColumns).from(auditSeals).orderBy(desc(auditSeals.sequence)).limit(1);
  return row;
}

/** The events that no seal covers yet, given the newest seal; every event before the first. */
export const isUnsealed = (last: SealRow | undefined) =>
  last && and(eq(auditEvents.epoch, last.epoch), gte(auditEvents.transactionId, last.transactionTo));

/**
 * A cheap check, several times a second: whether the epoch changed, and whether ended transactions left events to seal.
 */
export async function readSealerState(
  db: Database,
): Promise<{ epoch: string; isEpochNew: boolean; isWaiting: boolean }> {
  const [row] = await db.execute<{ epoch: string; sealedEpoch: string | null; isWaiting: boolean }>(sql`
    select now.epoch as epoch, last.epoch as "sealedEpoch", exists (
      select 1 from ${auditEvents} e
      where e.epoch = now.epoch
        and e.transaction_id >= coalesce(last.transaction_to, '0')
        and e.transaction_id < pg_snapshot_xmin(pg_current_snapshot())
    ) as "isWaiting"
    from (select audit_epoch() as epoch) now
    left join lateral (select epoch, transaction_to from ${auditSeals} order by sequence desc limit 1) last on true`);
  return { epoch: row!.epoch, isEpochNew: row!.sealedEpoch !== row!.epoch, isWaiting: row!.isWaiting };
}

/** The current epoch, and the transaction id below which all transactions have ended. */
export async function readHorizon(tx: Transaction): Promise<{ epoch: string; ended: bigint }> {
  const [row] = await tx.execute<{ epoch: string; ended: string }>(
    sql`select audit_epoch() as epoch, pg_snapshot_xmin(pg_current_snapshot())::text as ended`,
  );
  return { epoch: row!.epoch, ended: BigInt(row!.ended) };
}

/**
 * The next batch to seal, or null if nothing waits: at most `limit` events, or one whole transaction that wrote more.
 * Unsealed events of an earlier epoch come first; no more can be added to those.
 */
export async function nextUnsealedRange(
  tx: Transaction,
  last: SealRow | undefined,
  limit: number,
): Promise<UnsealedRange | null> {
  const { epoch, ended } = await readHorizon(tx);
  if (last?.epoch !== epoch) {
    for (const earlier of await epochsOfEvents(tx)) {
      const range = earlier === epoch ? null : await boundedRange(tx, earlier, null, limit);
      if (range) return { ...range, anchorEpoch: epoch };
    }
  }
  const range = await boundedRange(tx, epoch, ended, limit);
  return range && { ...range, anchorEpoch: epoch };
}

/** The epochs that have events. Jumps through the index from one epoch to the next. */
export async function epochsOfEvents(tx: Transaction): Promise<string[]> {
  const rows = await tx.execute<{ epoch: string }>(sql`
    with recursive epochs as (
      (select epoch from ${auditEvents} order by epoch limit 1)
      union all
      select (select later.epoch from ${auditEvents} later where later.epoch > epochs.epoch
        order by later.epoch limit 1) from epochs where epochs.epoch is not null
    ) select epoch from epochs where epoch is not null`);
  return rows.map((row) => row.epoch);
}

async function boundedRange(
  tx: Transaction,
  epoch: string,
  ended: bigint | null,
  limit: number,
): Promise<Omit<UnsealedRange, "anchorEpoch"> | null> {
  const [sealed] = await tx
    .select({ upTo: auditSeals.transactionTo })
    .from(auditSeals)
    .where(eq(auditSeals.epoch, epoch))
    .orderBy(desc(auditSeals.transactionFrom))
    .limit(1);
  const transactionFrom = sealed?.upTo ?? 0n;
  const waiting = and(
    eq(auditEvents.epoch, epoch),
    gte(auditEvents.transactionId, transactionFrom),
    ended === null ? undefined : lt(auditEvents.transactionId, ended),
  );
  const inOrder = () =>
    tx
      .select({ transactionId: auditEvents.transactionId })
      .from(auditEvents)
      .where(waiting)
      .orderBy(auditEvents.transactionId, auditEvents.id);
  const [first] = await inOrder().limit(1);
  if (!first) return null;
  const [overflow] = await inOrder().offset(limit).limit(1);
  if (!overflow) return { epoch, transactionFrom, transactionTo: ended ?? (await highestTransaction(tx, epoch)) + 1n };
  // A transaction is never split between seals.
  const transactionTo =
    overflow.transactionId > first.transactionId ? overflow.transactionId : first.transactionId + 1n;
  return { epoch, transactionFrom, transactionTo };
}

async function highestTransaction(tx: Transaction, epoch: string): Promise<bigint> {
  const [row] = await tx
    .select({ transactionId: auditEvents.transactionId })
    .from(auditEvents)
    .where(eq(auditEvents.epoch, epoch))
    .orderBy(desc(auditEvents.transactionId))
    .limit(1);
  return row!.transactionId;
}
