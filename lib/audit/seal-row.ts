import { sealHash, type SignedSeal } from "@/lib/audit/seal";
import { auditSeals } from "@/lib/db/schema/audit";
import { and, asc, eq, gt, gte, lte, sql, type SQL } from "drizzle-orm";
import { unpackLeaves } from "@/lib/audit/merkle-tree";
import type { ReadDatabase } from "@/lib/db/client";

/** A range of seal sequences, both ends included; `Infinity` means no upper end. */
export type SealRange = { fromSequence: number; toSequence: number };

/** An epoch with the range of transactions that its seals cover. */
export type SealedEpoch = { epoch: string; transactionFrom: bigint; transactionTo: bigint };

const sealsPerRead = 500;

/** The columns of a seal except its leaves, which are large. */
export const sealColumns = {
  sequence: auditSeals.sequence,
  epoch: auditSeals.epoch,
  anchorEpoch: auditSeals.anchorEpoch,
  transactionFrom: auditSeals.transactionFrom,
  transactionTo: auditSeals.transactionTo,
  eventCount: auditSeals.eventCount,
  merkleRoot: auditSeals.merkleRoot,
  previousHash: auditSeals.previousHash,
  writers: auditSeals.writers,
  sealedAt: auditSeals.sealedAt,
  hash: auditSeals.hash,
  signingKeyId: auditSeals.signingKeyId,
  signature: auditSeals.signature,
  anchoredAt: auditSeals.anchoredAt,
};

export type SealRow = Omit<typeof auditSeals.$inferSelect, "leaves">;

/** Converts a row to a signed seal. */
export function signedSealOf(row: SealRow): SignedSeal {
  return {
    seal: {
      type: "custodia.audit-seal.v1",
      sequence: row.sequence,
      epoch: row.epoch,
      anchorEpoch: row.anchorEpoch,
      transactionFrom: row.transactionFrom.toString(),
      transactionTo: row.transactionTo.toString(),
      eventCount: row.eventCount,
      merkleRoot: row.merkleRoot.toString("hex"),
      previousHash: row.previousHash.toString("hex"),
      writers: row.writers,
      sealedAt: row.sealedAt.toISOString(),
      signingKeyId: row.signingKeyId,
    },
    signature: row.signature.toString("hex"),
  };
}

/** Converts a signed seal to a row. */
export function sealRowOf({ seal, signature }: SignedSeal, leaves: Buffer): typeof auditSeals.$inferInsert {
  return {
    sequence: seal.sequence,
    epoch: seal.epoch,
    anchorEpoch: seal.anchorEpoch,
    transactionFrom: BigInt(seal.transactionFrom),
    transactionTo: BigInt(seal.transactionTo),
    eventCount: seal.eventCount,
    merkleRoot: Buffer.from(seal.merkleRoot, "hex"),
    previousHash: Buffer.from(seal.previousHash, "hex"),
    writers: seal.writers,
    sealedAt: new Date(seal.sealedAt),
    hash: Buffer.from(sealHash(seal), "hex"),
    signingKeyId: seal.signingKeyId,
    signature: Buffer.from(signature, "hex"),
    leaves,
  };
}

export function inSealRange({ fromSequence, toSequence }: SealRange): SQL {
  return and(
    gte(auditSeals.sequence, fromSequence),
    toSequence === Infinity ? undefined : lte(auditSeals.sequence, toSequence),
  )!;
}

/** The seals of a range in order, optionally of one epoch only. Reads page by page. */
export async function* readSeals(db: ReadDatabase, range: SealRange, epoch?: string): AsyncGenerator<SealRow> {
  for (let after = 0; ;) {
    const where = and(
      inSealRange(range),
      gt(auditSeals.sequence, after),
      epoch === undefined ? undefined : eq(auditSeals.epoch, epoch),
    );
    const page = await db
      .select(sealColumns)
      .from(auditSeals)
      .where(where)
      .orderBy(asc(auditSeals.sequence))
      .limit(sealsPerRead);
    yield* page;
    if (page.length < sealsPerRead) return;
    after = page.at(-1)!.sequence;
  }
}

/** The epochs of a range of seals, in order. */
export async function readSealedEpochs(db: ReadDatabase, range: SealRange): Promise<SealedEpoch[]> {
  const { sequence, epoch, transactionFrom, transactionTo } = auditSeals;
  // PostgreSQL 15 has no min and max of xid8.
  const rows = await db
    .select({
      epoch,
      from: sql<string>`min(${transactionFrom}::text::numeric)::text`,
      to: sql<string>`max(${transactionTo}::text::numeric)::text`,
    })
    .from(auditSeals)
    .where(inSealRange(range))
    .groupBy(epoch)
    .orderBy(sql`min(${sequence})`);
  return rows.map((row) => ({ epoch: row.epoch, transactionFrom: BigInt(row.from), transactionTo: BigInt(row.to) }));
}

/** The leaf hashes under a seal's root, in hex. */
export async function readLeaves(db: ReadDatabase, sequence: number): Promise<string[]> {
  const [row] = await db
    .select({ leaves: auditSeals.leaves })
    .from(auditSeals)
    .where(eq(auditSeals.sequence, sequence));
  return unpackLeaves(row!.leaves);
}
