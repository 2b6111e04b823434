import { and, sql } from "drizzle-orm";
import { anchorSeals } from "@/lib/audit/anchor";
import { canonicalEvent, eventTextsColumn } from "@/lib/operation/canonical-event";
import { inLogOrder, isInRange } from "@/lib/audit/event-filters";
import { recordEpochStart } from "@/lib/audit/epoch-start";
import { leafHash, MerkleRoot, packLeaves } from "@/lib/audit/merkle-tree";
import { noHash, signSeal } from "@/lib/audit/seal";
import { sealRowOf } from "@/lib/audit/seal-row";
import { currentSigningKey } from "@/lib/audit/signing-keys";
import { appendCheckpoint } from "@/lib/audit/tree/append-checkpoint";
import { publishTree } from "@/lib/audit/tree/publish-tree";
import { lastSeal, nextUnsealedRange, readSealerState, type UnsealedRange } from "@/lib/audit/unsealed-range";
import { database, type Database, type Transaction } from "@/lib/db/client";
import { auditEvents, auditSeals } from "@/lib/db/schema/audit";
import { readDatabaseTime } from "@/lib/db/database-time";
import type { ObjectStore } from "@/lib/storage/object-store";

/**
 * Key of the advisory lock that lets only one process seal at a time. An arbitrary number, the same in all processes.
 */
const sealerLock = 7_241_130_512;

export const eventsPerSeal = 5000;
const eventsPerRead = 1000;

type SealingOptions = {
  db?: Database;
  /** Milliseconds since 1970 after which no further batch is begun. */ deadline?: number;
};

/** Seals all events whose transactions have ended, batch by batch. */
export async function sealEvents({ db = database(), deadline = Infinity }: SealingOptions = {}): Promise<{
  seals: number;
  events: number;
}> {
  const result = { seals: 0, events: 0 };
  const state = await readSealerState(db);
  if (state.isEpochNew) await recordEpochStart(db, state.epoch);
  else if (!state.isWaiting) return result;
  while (Date.now() < deadline) {
    const events = await sealNextBatch(db);
    if (events === 0) break;
    result.seals += 1;
    result.events += events;
  }
  return result;
}

/**
 * Seals all waiting events, then anchors the new seals in the object store and publishes the tree. Safe to run at any
 * time, in several processes, and again after a crash: each event is sealed exactly once.
 */
export async function sealAuditLog(
  store: ObjectStore,
  options: SealingOptions = {},
): Promise<{ seals: number; events: number; anchoredSeals: number }> {
  const sealed = await sealEvents(options);
  const db = options.db ?? database();
  const anchoredSeals = await anchorSeals(store, db);
  await publishTree(store, db);
  return { ...sealed, anchoredSeals };
}

/** Seals one batch. Returns its number of events; 0 if nothing waits or another process is sealing. */
export async function sealNextBatch(db: Database, limit = eventsPerSeal): Promise<number> {
  return db.transaction(async (tx) => {
    const [lock] = await tx.execute<{ taken: boolean }>(sql`select pg_try_advisory_xact_lock(${sealerLock}) as taken`);
    if (!lock!.taken) return 0;
    const last = await lastSeal(tx);
    const range = await nextUnsealedRange(tx, last, limit);
    if (!range) return 0;
    const { leaves, root, writers } = await hashRange(tx, range);
    const { id: signingKeyId, privateKey } = currentSigningKey();
    const seal = {
      type: "custodia.audit-seal.v1" as const,
      sequence: (last?.sequence ?? 0) + 1,
      epoch: range.epoch,
      anchorEpoch: range.anchorEpoch,
      transactionFrom: range.transactionFrom.toString(),
      transactionTo: range.transactionTo.toString(),
      eventCount: leaves.length,
      merkleRoot: root,
      previousHash: last?.hash.toString("hex") ?? noHash,
      writers,
      sealedAt: (await readDatabaseTime(tx)).toISOString(),
      signingKeyId,
    };
    await tx.insert(auditSeals).values(sealRowOf(signSeal(seal, privateKey), packLeaves(leaves)));
    await appendCheckpoint(tx, seal, last, leaves);
    return seal.eventCount;
  });
}

/** Hashes the events of a range, page by page. Only the hashes stay in memory. */
async function hashRange(tx: Transaction, range: UnsealedRange) {
  const tree = new MerkleRoot();
  const leaves: string[] = [];
  const writers: Record<string, number> = {};
  let after: { transactionId: bigint; id: string } | null = null;
  for (;;) {
    const page = await readPage(tx, range, after);
    for (const event of page) {
      const leaf = leafHash(canonicalEvent(event.texts));
      tree.add(leaf);
      leaves.push(leaf);
      writers[event.writerId] = Math.max(writers[event.writerId] ?? 0, event.writerSequence);
    }
    if (page.length < eventsPerRead) return { leaves, root: tree.root(), writers };
    after = page.at(-1)!;
  }
}

function readPage(tx: Transaction, range: UnsealedRange, after: { transactionId: bigint; id: string } | null) {
  const { transactionId, id } = auditEvents;
  const isAfter = after
    ? sql`(${transactionId}, ${id}) > (${after.transactionId.toString()}::xid8, ${after.id}::uuid)`
    : undefined;
  return tx
    .select({
      texts: eventTextsColumn,
      transactionId: auditEvents.transactionId,
      id: auditEvents.id,
      writerId: auditEvents.writerId,
      writerSequence: auditEvents.writerSequence,
    })
    .from(auditEvents)
    .where(and(isInRange(range), isAfter))
    .orderBy(...inLogOrder)
    .limit(eventsPerRead);
}
