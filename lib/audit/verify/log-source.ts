import { and, desc, eq, gte, lt, lte, max, min, sql } from "drizzle-orm";
import { canonicalEvent, eventTextsColumn } from "@/lib/operation/canonical-event";
import { quoteLiteral, rangeLines } from "@/lib/audit/event-stream";
import { inLogOrder, isInRange } from "@/lib/audit/event-filters";
import { leafHash } from "@/lib/audit/merkle-tree";
import {
  readLeaves,
  readSealedEpochs,
  readSeals,
  type SealedEpoch,
  type SealRange,
  sealColumns,
  type SealRow,
} from "@/lib/audit/seal-row";
import { epochsOfEvents, lastSeal } from "@/lib/audit/unsealed-range";
import type { FoundEvent } from "@/lib/audit/verify/batch-explanation";
import type { Database, Transaction, ReadDatabase } from "@/lib/db/client";
import { auditEvents, auditSeals } from "@/lib/db/schema/audit";
import { planExport } from "@/lib/audit/export/export-plan";
import { startOfDay } from "@/lib/core/time";

const isolated = { isolationLevel: "repeatable read", accessMode: "read only" } as const;

async function withoutTimeouts(tx: Transaction): Promise<void> {
  await tx.execute(sql`set local statement_timeout = 0`);
  await tx.execute(sql`set local idle_in_transaction_session_timeout = 0`);
}

function beside<Result>(db: Database, snapshot: string, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
  return db.transaction(async (tx) => {
    await tx.execute(sql.raw(`set transaction snapshot ${quoteLiteral(snapshot)}`));
    await withoutTimeouts(tx);
    return work(tx);
  }, isolated);
}

/** Some seals as one snapshot shows them. Can be sent to a thread. */
export type LogView = {
  snapshot: string;
  range: SealRange;
  currentEpoch: string;
  newestSealEpoch: string | undefined;
};

/** Reads the log in one snapshot. Events are read on a separate connection. */
export class LogSource {
  private readonly db: Database;
  readonly tx: Transaction;
  readonly snapshot: string;
  readonly range: SealRange;
  readonly currentEpoch: string;
  readonly newestSealEpoch: string | undefined;

  private constructor(
    db: Database,
    tx: Transaction,
    snapshot: string,
    range: SealRange,
    currentEpoch: string,
    newestSealEpoch: string | undefined,
  ) {
    this.db = db;
    this.tx = tx;
    this.snapshot = snapshot;
    this.range = range;
    this.currentEpoch = currentEpoch;
    this.newestSealEpoch = newestSealEpoch;
  }

  /** Opens the log for the duration of `work`. */
  static async read<Result>(
    db: Database,
    range: SealRange,
    work: (source: LogSource) => Promise<Result>,
  ): Promise<Result> {
    return db.transaction(async (tx) => {
      await withoutTimeouts(tx);
      const [row] = await tx.execute<{ snapshot: string; epoch: string }>(
        sql`select pg_export_snapshot() as snapshot, audit_epoch() as epoch`,
      );
      return work(new LogSource(db, tx, row!.snapshot, range, row!.epoch, (await lastSeal(tx))?.epoch));
    }, isolated);
  }

  /** A part of the log that another thread has open: its snapshot, on a connection of this one. */
  static async join<Result>(
    db: Database,
    { snapshot, range, currentEpoch, newestSealEpoch }: LogView,
    work: (source: LogSource) => Promise<Result>,
  ): Promise<Result> {
    return beside(db, snapshot, (tx) => work(new LogSource(db, tx, snapshot, range, currentEpoch, newestSealEpoch)));
  }

  /** Reads the same snapshot on a connection of its own, beside the others. */
  beside<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return beside(this.db, this.snapshot, work);
  }

  /** The same source for some of the seals. */
  within(range: SealRange): LogSource {
    return new LogSource(this.db, this.tx, this.snapshot, range, this.currentEpoch, this.newestSealEpoch);
  }

  get isWhole(): boolean {
    return this.range.fromSequence <= 1 && this.isOpenEnded;
  }

  get isOpenEnded(): boolean {
    return this.range.toSequence === Infinity;
  }

  /** The epochs of the seals in range, in order. */
  sealedEpochs(): Promise<SealedEpoch[]> {
    return readSealedEpochs(this.tx, this.range);
  }

  /** Epochs that have events but no seal. */
  async unsealedEpochs(): Promise<string[]> {
    const sealed = new Set(
      (await this.tx.selectDistinct({ epoch: auditSeals.epoch }).from(auditSeals)).map((row) => row.epoch),
    );
    return (await epochsOfEvents(this.tx)).filter((epoch) => !sealed.has(epoch));
  }

  async sealBefore(): Promise<SealRow | undefined> {
    const [row] = await this.tx
      .select(sealColumns)
      .from(auditSeals)
      .where(lt(auditSeals.sequence, this.range.fromSequence))
      .orderBy(desc(auditSeals.sequence))
      .limit(1);
    return row;
  }

  /** The seals of one epoch, in order; all epochs when none is named. */
  seals(epoch?: string): AsyncGenerator<SealRow> {
    return readSeals(this.tx, this.range, epoch);
  }

  /** The events of one epoch in the order of seals, as lists of lines for `readEventTexts`. */
  events(epoch: string, transactionFrom: bigint, transactionTo: bigint | null): AsyncGenerator<string[]> {
    const until = transactionTo === null ? "" : ` and transaction_id < '${transactionTo}'`;
    const where = `epoch = ${quoteLiteral(epoch)} and transaction_id >= '${transactionFrom}'${until}`;
    return rangeLines(this.db.$client, where, this.snapshot);
  }

  /** The leaf hashes that a seal stored, and the events now in its range, to find the differences. */
  async batch(seal: SealRow): Promise<{ leaves: string[]; found: FoundEvent[] }> {
    const events = await this.tx
      .select({ id: auditEvents.id, texts: eventTextsColumn })
      .from(auditEvents)
      .where(isInRange(seal))
      .orderBy(...inLogOrder);
    return {
      leaves: await readLeaves(this.tx, seal.sequence),
      found: events.map(({ id, texts }) => ({ id, leaf: leafHash(canonicalEvent(texts)) })),
    };
  }

  /** Counts the existing sequence numbers of a writer, in or out of range. */
  async countNumbers(writerId: string, first: number, last: number): Promise<number> {
    const { writerSequence } = auditEvents;
    return this.tx.$count(
      auditEvents,
      and(eq(auditEvents.writerId, writerId), gte(writerSequence, first), lte(writerSequence, last)),
    );
  }
}

/**
 * The seals of a period, in days of the controller's time zone: those of its events and those signed in it, which stay
 * when somebody deletes all its events. Without a period the whole log; without `to`, no upper end. A period without
 * seals gives the range after the newest: no seal is in it, unless the anchors know one.
 */
export async function sealRangeOfPeriod(
  db: ReadDatabase,
  { from, to }: { from?: string; to?: string },
): Promise<Partial<SealRange>> {
  if (from === undefined && to === undefined) return {};
  const ofEvents = await planExport(db, { from, to });
  const { sequence, sealedAt } = auditSeals;
  const signedIn = and(
    from === undefined ? undefined : gte(sealedAt, startOfDay(from)),
    to === undefined ? undefined : lt(sealedAt, startOfDay(to, 1)),
  );
  const [signed] = await db
    .select({ firstSeal: min(sequence), lastSeal: max(sequence) })
    .from(auditSeals)
    .where(signedIn);
  const firstSeal = Math.min(ofEvents.firstSeal ?? Infinity, signed?.firstSeal ?? Infinity);
  const last = Math.max(ofEvents.lastSeal ?? 0, signed?.lastSeal ?? 0);
  if (last === 0) return { fromSequence: ((await lastSeal(db))?.sequence ?? 0) + 1 };
  return { fromSequence: from === undefined ? 1 : firstSeal, toSequence: to === undefined ? Infinity : last };
}
