import { hash, type KeyObject } from "node:crypto";
import { z } from "zod";
import { canonicalBytes, isCanonicalSignedBy, signCanonical } from "@/lib/audit/signing-keys";

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const transactionNumber = z.string().regex(/^\d{1,20}$/);

/**
 * The content of a seal: the events of one batch, and the hash of the previous seal. The signature covers all of it.
 */
export const sealBodySchema = z.strictObject({
  type: z.literal("custodia.audit-seal.v1"),
  sequence: z.int().positive(),
  epoch: z.string(),
  anchorEpoch: z.string(),
  transactionFrom: transactionNumber,
  transactionTo: transactionNumber,
  eventCount: z.int().positive(),
  merkleRoot: digest,
  previousHash: digest,
  writers: z.record(z.string(), z.int().positive()),
  sealedAt: z.iso.datetime({ precision: 3 }),
  signingKeyId: z.string(),
});

/** A signed seal, as anchors and exports contain it. */
export const signedSealSchema = z.strictObject({
  seal: sealBodySchema,
  signature: z.string().regex(/^[0-9a-f]{128}$/),
});

export type SealBody = z.output<typeof sealBodySchema>;
export type SignedSeal = z.output<typeof signedSealSchema>;

/** `previousHash` of the first seal. */
export const noHash = "0".repeat(64);

/** SHA-256 in hex. The next seal holds it as its `previousHash`. */
export function sealHash(seal: SealBody): string {
  return hash("sha256", canonicalBytes(seal), "hex");
}

export function signSeal(seal: SealBody, privateKey: KeyObject): SignedSeal {
  return { seal, signature: signCanonical(seal, privateKey) };
}

export function isSealSignedBy({ seal, signature }: SignedSeal, publicKey: KeyObject): boolean {
  return isCanonicalSignedBy(seal, signature, publicKey);
}
