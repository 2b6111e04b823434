import { and, desc, eq, lte, asc, sql, type SQL } from "drizzle-orm";
import { canonicalEvent, place, type EventTexts, eventTextsColumn } from "@/lib/operation/canonical-event";
import { MerkleProver, leafHash } from "@/lib/audit/merkle-tree";
import { readLeaves, sealColumns, signedSealOf } from "@/lib/audit/seal-row";
import type { SignedSeal } from "@/lib/audit/seal";
import { type ReadDatabase, database } from "@/lib/db/client";
import { auditSeals, auditEvents } from "@/lib/db/schema/audit";
import { AppError } from "@/lib/core/errors";
import { chosenLines, readEventTexts } from "@/lib/audit/event-stream";

/** An event with its position in its batch and its audit path (RFC 6962, 2.1.1). */
export type ProvenEvent = { line: string; leaf: string; index: number; path: string[]; seal: SignedSeal };

type Batch = { signed: SignedSeal; from: bigint; to: bigint; places: Map<string, number>; prover: MerkleProver };

/** Proves events one after the other. Consecutive events of one batch read its leaves only once. */
export class EventProver {
  #batch: Batch | null = null;

  private readonly db: ReadDatabase;

  constructor(db: ReadDatabase) {
    this.db = db;
  }

  /**
   * @throws AppError `not_sealed_yet` if the event has no seal yet.
   * @throws Error if the event differs from what was sealed.
   */
  async prove(texts: EventTexts): Promise<ProvenEvent> {
    const line = canonicalEvent(texts);
    const leaf = leafHash(line);
    const { signed, places, prover } = await this.#batchOf(texts[place.epoch]!, BigInt(texts[place.transactionId]!));
    const index = places.get(leaf);
    if (index === undefined) throw new Error("an event differs from what was sealed; run: npm run audit -- verify");
    return { line, leaf, index, path: prover.proof(index), seal: signed };
  }

  async #batchOf(epoch: string, transactionId: bigint): Promise<Batch> {
    const current = this.#batch;
    if (current?.signed.seal.epoch === epoch && current.from <= transactionId && transactionId < current.to)
      return current;
    const [row] = await this.db
      .select(sealColumns)
      .from(auditSeals)
      .where(and(eq(auditSeals.epoch, epoch), lte(auditSeals.transactionFrom, transactionId)))
      .orderBy(desc(auditSeals.transactionFrom))
      .limit(1);
    if (!row || row.transactionTo <= transactionId) throw notSealedYet();
    const leaves = await readLeaves(this.db, row.sequence);
    const places = new Map(leaves.map((leaf, index) => [leaf, index]));
    return (this.#batch = {
      signed: signedSealOf(row),
      from: row.transactionFrom,
      to: row.transactionTo,
      places,
      prover: new MerkleProver(leaves),
    });
  }
}

/** The error for an event without a seal. While the portal runs, events are sealed within a second. */
export function notSealedYet(): AppError {
  return new AppError("not_sealed_yet", "an event of this deletion has no seal yet; retry in a minute", {
    retryAfterSeconds: 60,
  });
}

/** A few events in log order, each with its proof. @throws AppError `not_sealed_yet` */
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
 * Any number of events in seal order, each with its proof, in constant memory. Holds a database connection until the
 * reader finishes: use it inside `holdingSlot`.
 * @param where a condition on `audit_events` with its values already quoted, since COPY takes no parameters.
 */
export async function* streamProvenEvents(where: string): AsyncGenerator<ProvenEvent> {
  const prover = new EventProver(database());
  for await (const lines of chosenLines(database().$client, where)) {
    for (const line of lines) {
      const texts = readEventTexts(line);
      if (!texts) throw new Error("an event cannot be read; run: npm run audit -- verify");
      yield await prover.prove(texts);
    }
  }
}

/** Counts the events that a condition selects, and how many of them are not sealed yet. */
export async function countSealed(db: ReadDatabase, where: string): Promise<{ events: number; unsealed: number }> {
  // Table names are written out: drizzle omits them in a select from a single table.
  const waits = sql.raw(
    "audit_events.transaction_id >= coalesce((select s.transaction_to from audit_seals s " +
      "where s.epoch = audit_events.epoch order by s.transaction_from desc limit 1), '0')",
  );
  const [row] = await db
    .select({ events: sql<number>`count(*)::int`, unsealed: sql<number>`(count(*) filter (where ${waits}))::int` })
    .from(auditEvents)
    .where(sql.raw(where));
  return row!;
}
