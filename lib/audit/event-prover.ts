import { and, desc, eq, lte } from "drizzle-orm";
import { canonicalEvent, place, type EventTexts } from "@/lib/operation/canonical-event";
import { MerkleProver } from "@/lib/audit/merkle-proof";
import { leafHash } from "@/lib/audit/merkle-tree";
import { readLeaves } from "@/lib/audit/read-seals";
import type { SignedSeal } from "@/lib/audit/seal";
import { sealColumns, signedSealOf } from "@/lib/audit/seal-row";
import type { ReadDatabase } from "@/lib/db/client";
import { auditSeals } from "@/lib/db/schema/audit";
import { AppError } from "@/lib/core/errors";

/** An event with its place under the signed root of its batch: RFC 6962, 2.1.1. */
export type ProvenEvent = { line: string; leaf: string; index: number; path: string[]; seal: SignedSeal };

type Batch = { signed: SignedSeal; from: bigint; to: bigint; places: Map<string, number>; prover: MerkleProver };

/** Proves events one after the other; those of one batch in a row cost one reading of its leaves. */
export class EventProver {
  #batch: Batch | null = null;

  constructor(private readonly db: ReadDatabase) {}

  /**
   * @throws AppError `not_sealed_yet` for an event that waits for its seal.
   * @throws Error for one that is not as it was sealed.
   */
  async prove(texts: EventTexts): Promise<ProvenEvent> {
    const line = canonicalEvent(texts);
    const leaf = leafHash(line);
    const { signed, places, prover } = await this.#batchOf(texts[place.epoch]!, BigInt(texts[place.transactionId]!));
    const index = places.get(leaf);
    if (index === undefined) throw new Error("an event is not as it was sealed; run: npm run audit -- verify");
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

/** The sealer works within a second while the portal runs. */
export function notSealedYet(): AppError {
  return new AppError("not_sealed_yet", "an event of this deletion waits for its seal; try again in a minute", {
    retryAfterSeconds: 60,
  });
}
