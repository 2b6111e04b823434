import { hash, type KeyObject } from "node:crypto";
import canonicalize from "canonicalize";
import { z } from "zod";
import { noHash } from "@/lib/audit/seal";
import { canonicalBytes, isCanonicalSignedBy, signCanonical, type SigningKey } from "@/lib/audit/signing-keys";

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** One erased recording: what is needed to delete it again from a restored database. Ids and digests only. */
export const erasureSchema = z.strictObject({
  recordingId: z.uuid(),
  objectKeys: z.array(z.string()),
  sha256: digest.nullable(),
  reason: z.string().nullable(),
  orderId: z.uuid().nullable(),
  /** Replaces the call's id (`suppressedCallId`); null if it was never stored. Older entries do not have it. */
  callId: z
    .string()
    .regex(/^deleted:[0-9a-f]{64}$/)
    .nullish(),
});

const entrySchema = z.strictObject({
  type: z.literal("custodia.erasure-ledger.v1"),
  sequence: z.int().positive(),
  /** Of the entry before this one; zeros for the first. */
  previousHash: digest,
  deletedAt: z.iso.datetime({ precision: 3 }),
  erasures: z.array(erasureSchema).min(1),
  signingKeyId: z.string(),
});

const signedEntrySchema = z.strictObject({ entry: entrySchema, signature: z.string().regex(/^[0-9a-f]{128}$/) });

export type Erasure = z.output<typeof erasureSchema>;
export type LedgerEntry = z.output<typeof entrySchema>;
export type SignedLedgerEntry = z.output<typeof signedEntrySchema>;

export const ledgerPrefix = "ledger/";

/** Where an entry lies in the object store. Padded, so that names sort as numbers. */
export function ledgerKey(sequence: number): string {
  return `${ledgerPrefix}${String(sequence).padStart(12, "0")}.json`;
}

/** The sequence in an entry's key, or null for any other object. */
export function parseLedgerKey(key: string): number | null {
  const match = /^ledger\/(\d{12})\.json$/.exec(key);
  return match && Number(match[1]);
}

/** SHA-256 in hex: what the next entry names as its `previousHash`. */
export function ledgerHash(entry: LedgerEntry | undefined): string {
  return entry ? hash("sha256", canonicalBytes(entry), "hex") : noHash;
}

/** The text that is kept, in the database and in the store. `type` keeps the signature from meaning anything else. */
export function signedLedgerBody(content: Omit<LedgerEntry, "type" | "signingKeyId">, key: SigningKey): string {
  const entry: LedgerEntry = { type: "custodia.erasure-ledger.v1", ...content, signingKeyId: key.id };
  return canonicalize({ entry, signature: signCanonical(entry, key.privateKey) })!;
}

/** The entry in a text, or null when it is none. Says nothing of its signature. */
export function parseLedgerBody(body: string): SignedLedgerEntry | null {
  try {
    return signedEntrySchema.parse(JSON.parse(body));
  } catch {
    return null;
  }
}

export function isLedgerEntrySignedBy({ entry, signature }: SignedLedgerEntry, publicKey: KeyObject): boolean {
  return isCanonicalSignedBy(entry, signature, publicKey);
}
