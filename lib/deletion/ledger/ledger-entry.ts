import { hash, type KeyObject } from "node:crypto";
import canonicalize from "canonicalize";
import { z } from "zod";
import { noHash } from "@/lib/audit/seal";
import { canonicalBytes, isCanonicalSignedBy, signCanonical, type SigningKey } from "@/lib/audit/signing-keys";

const digest = z.string().regex(/^[0-9a-f]{64}$/);

const keyedDigest = z.string().regex(/^deleted:[0-9a-f]{64}$/);

const erasedRecording = z.strictObject({
  recordingId: z.uuid(),
  objectKeys: z.array(z.string()),
  sha256: digest.nullable(),
  reason: z.string().nullable(),
  orderId: z.uuid().nullable(),
});

/** An erasure of the first version, when a call had one recording: it refuses the whole call. */
const erasureV1 = erasedRecording.extend({
  /** Digest of the call's id (`suppressedCallId`); null if it was never stored. The oldest entries do not have it. */
  callId: keyedDigest.nullish(),
});

const erasureV2 = erasedRecording.extend({
  /** Digests of the source's ids (`suppressedCallId`, `suppressedRecordingId`); null if it was never stored. */
  sourceCallId: keyedDigest.nullable(),
  sourceRecordingId: keyedDigest.nullable(),
  /** Nothing was left of the call: all of it is refused, not only this recording. */
  refusesCall: z.boolean(),
});

/** One erased recording: what is needed to delete it again from a restored database. Ids and digests only. */
export const erasureSchema = z.union([erasureV1, erasureV2]);

const entryFields = {
  sequence: z.int().positive(),
  /** Of the entry before this one; zeros for the first. */
  previousHash: digest,
  deletedAt: z.iso.datetime({ precision: 3 }),
  signingKeyId: z.string(),
};
const entryV2 = "custodia.erasure-ledger.v2";

/** Entries of the first version stay valid for ever; new ones are of the second. */
const entrySchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("custodia.erasure-ledger.v1"),
    ...entryFields,
    erasures: z.array(erasureV1).min(1),
  }),
  z.strictObject({ type: z.literal(entryV2), ...entryFields, erasures: z.array(erasureV2).min(1) }),
]);

const signedEntrySchema = z.strictObject({ entry: entrySchema, signature: z.string().regex(/^[0-9a-f]{128}$/) });

/** An erasure as new entries state it. */
export type Erasure = z.output<typeof erasureV2>;
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

type NewEntry = Omit<Extract<LedgerEntry, { type: typeof entryV2 }>, "type" | "signingKeyId">;

/** The text that is kept, in the database and in the store. `type` keeps the signature from meaning anything else. */
export function signedLedgerBody(content: NewEntry, key: SigningKey): string {
  const entry: LedgerEntry = { type: entryV2, ...content, signingKeyId: key.id };
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
