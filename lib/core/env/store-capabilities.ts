/** What the store itself verifies or supports. The portal does the rest, or shows that it is missing. */
export interface StoreCapabilities {
  /** The store refuses an upload whose bytes do not have the signed SHA-256. */
  readonly sha256Verified: boolean;
  /**
   * `head` returns the SHA-256 that the store verified, for every object. Where false, the portal reads and hashes an
   * object for which it returns none.
   */
  readonly sha256Reported: boolean;
  /**
   * `If-None-Match: *` is always honoured, so an upload link cannot replace a stored object. Where false, record the
   * `versionId` (without versions, the ETag) at completion and compare it at each later read. Content that the portal
   * encrypts, which differs each time, then gets an object key of its own for each PUT.
   */
  readonly conditionalWrite: boolean;
  /** Kinds of encryption at rest that `head` can report. Empty: always "unverifiable". */
  readonly encryption: readonly EncryptionKind[];
  readonly versioning: boolean;
  readonly objectLock: boolean;
  /** True when the store's `multipart` is not null. */
  readonly multipart: boolean;
  /** A signed download can name a version. Where false, it returns the current object. */
  readonly signedVersion: boolean;
  /** `head` answers from the object. Where false, from a row that outlives lost bytes: the store scan reads a byte. */
  readonly headShowsBytes: boolean;
  /** Largest object of one upload. */
  readonly maxUploadBytes: number;
  /** Longest life of a signed link. */
  readonly maxLinkSeconds: number;
}

/** `custodia:aes256-gcm` is our own chunked format (`lib/core/crypto/chunked-aead.ts`); the others are S3's names. */
export type EncryptionKind = "AES256" | "aws:kms" | "aws:kms:dsse" | "custodia:aes256-gcm";

/**
 * True if an upload link cannot change a stored object unnoticed: it stores once, accepts only the same bytes, or adds
 * a version. Where false, completion has to move the object to a key without a link (`promote`).
 */
export function detectsReplacement({
  conditionalWrite,
  sha256Verified,
  versioning,
}: Pick<StoreCapabilities, "conditionalWrite" | "sha256Verified" | "versioning">): boolean {
  return conditionalWrite || sha256Verified || versioning;
}
