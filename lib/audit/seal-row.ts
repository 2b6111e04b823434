import { sealHash, type SignedSeal } from "@/lib/audit/seal";
import { auditSeals } from "@/lib/db/schema/audit";

/** The columns of a seal without its leaves, which are large. */
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

/** The seal as it travels, from its row. */
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

/** The row of a new seal. */
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
