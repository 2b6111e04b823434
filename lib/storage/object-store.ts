import type { EncryptionKind, StoreCapabilities } from "@/lib/core/env/store-capabilities";

/**
 * The port: all that Custodia asks of a place where objects lie. Adapters: `disk`, `s3`.
 *
 * Rules that hold for each adapter:
 * - keys are checked by `assertObjectKey` in every method, sizes are bytes, SHA-256 is 64 lowercase hex digits;
 * - failures are `StoreError`s with a stable code;
 * - no method reads the environment; what a store cannot do is declared in `capabilities` and never pretended.
 */
export interface ObjectStore {
  /** For people and logs: "disk", "s3:aws", ... */
  readonly name: string;
  readonly capabilities: StoreCapabilities;
  /**
   * The settings ask for no encryption of a store that could report it: what it reports as not encrypted is taken, and
   * recorded so.
   */
  readonly takesUnencrypted: boolean;
  /** Uploads in parts, for what is larger than `maxUploadBytes` or must be resumable. Null when the store has none. */
  readonly multipart: MultipartUploads | null;
  /**
   * Moves an uploaded object to a key for which no ticket was ever issued; `already_exists` when `toKey` is taken.
   * Null where what was seen at completion stays as it is whatever the link brings later (`detectsReplacement`).
   */
  readonly promote: ((fromKey: string, toKey: string) => Promise<void>) | null;
  /** The store's own lock on held objects. Null where `capabilities.objectLock` is false. */
  readonly legalHold: LegalHoldLocks | null;

  /**
   * A link that stores exactly these bytes under exactly this key, until it expires. Whether that is once,
   * `capabilities` say.
   */
  signUpload(request: UploadRequest): Promise<SignedUpload>;
  /** A link that reads one object until it expires; serves byte ranges. */
  signDownload(request: DownloadRequest): Promise<SignedDownload>;
  /** Server-side write (anchors, ledger, import). All or nothing: no half object is ever visible. */
  put(key: string, body: Uint8Array | ReadableStream<Uint8Array>, options: PutOptions): Promise<StoredObject>;
  /** What the store says of the object, or null when the store answered clearly that there is none. */
  head(key: string, versionId?: string): Promise<ObjectFacts | null>;
  /**
   * As `head`, with the first `count` bytes of that very object (all of a smaller one): in one question where the store
   * answers all in one.
   */
  readStart(key: string, count: number): Promise<ObjectStart | null>;
  /** Reads bytes `start` to `endInclusive` (clamped to the object's end). Cancel the stream to stop early. */
  readRange(key: string, range: ByteRange, options?: ReadOptions): Promise<ObjectRange>;
  /** One page of current objects. The order is the store's own; an object that stays is met exactly once. */
  list(request: ListRequest): Promise<ObjectPage>;
  /** Removes every version, delete marker and unfinished multipart upload of exactly this key. Safe to repeat. */
  deleteAllVersions(key: string): Promise<DeletionCounts>;
  /**
   * Looks again for anything left of this key. `absent` is only true after a positive control: an object known to
   * exist was seen through the same door, else it throws `integrity` (a store that forgot us also answers "empty").
   */
  proveAbsence(key: string): Promise<AbsenceProof>;
}

/** As the store reported it. "none": it said there is none. "unverifiable": it says nothing either way. */
export type ObjectEncryption = { algorithm: EncryptionKind; keyId: string | null } | "none" | "unverifiable";

export interface UploadRequest {
  key: string;
  contentType: string;
  sizeBytes: number;
  sha256: string;
  expiresInSeconds: number;
}

/** Send exactly `headers`; Content-Length must be the signed size (HTTP clients set it from the body). */
export interface SignedUpload {
  method: "PUT";
  url: string;
  headers: Record<string, string>;
  expiresAt: Date;
}

export interface DownloadRequest {
  key: string;
  versionId?: string;
  expiresInSeconds: number;
  /** What the answer's Content-Type will say instead of the stored type. */
  contentType?: string;
  contentDisposition?: string;
}

export interface SignedDownload {
  url: string;
  expiresAt: Date;
}

export interface PutOptions {
  contentType: string;
  /** Required by remote stores when the body is a stream. A body of another length is refused. */
  sizeBytes?: number;
  /** When given, a body with another hash is refused (`checksum_mismatch`). */
  sha256?: string;
  /**
   * "*": refused with `already_exists` when the key is taken. null: replaces (a new version where there are versions).
   */
  ifNoneMatch: "*" | null;
  /** Object Lock (compliance) until then. `not_supported` where `capabilities.objectLock` is false. */
  retainUntil?: Date;
}

export interface StoredObject {
  sizeBytes: number;
  etag: string;
  versionId: string | null;
  sha256: string | null;
}

export interface ObjectFacts {
  key: string;
  sizeBytes: number;
  contentType: string;
  /** Opaque, without quotes. */
  etag: string;
  versionId: string | null;
  /** Only when the store itself verified it. */
  sha256: string | null;
  encryption: ObjectEncryption;
  lastModified: Date;
}

export interface ObjectStart {
  facts: ObjectFacts;
  firstBytes: Buffer;
}

/** Offsets of bytes, both ends included, as in HTTP. */
export interface ByteRange {
  start: number;
  endInclusive: number;
}

export interface ReadOptions {
  versionId?: string;
  /** Refused with `precondition_failed` when the object now has another ETag. */
  ifMatch?: string;
  signal?: AbortSignal;
  /**
   * Whether the caller has just found a data key of this object in the database; false saves asking the vault for it.
   */
  hasDataKey?: boolean;
}

export interface ObjectRange {
  stream: ReadableStream<Uint8Array>;
  /** Bytes in this stream. */
  sizeBytes: number;
  /** The range really answered, and the size of the whole object. */
  start: number;
  endInclusive: number;
  totalSizeBytes: number;
  contentType: string;
  etag: string;
  versionId: string | null;
}

export interface ListRequest {
  /** "" for all. Not a folder: `a/b` also matches `a/bc`. */
  prefix: string;
  cursor?: string;
  /** 1 to 1000. */
  limit: number;
}

export interface ObjectPage {
  objects: Array<{ key: string; sizeBytes: number; lastModified: Date }>;
  /** Null on the last page. */
  nextCursor: string | null;
}

export interface DeletionCounts {
  versionsDeleted: number;
  deleteMarkersDeleted: number;
  unfinishedUploadsAborted: number;
}

export interface AbsenceProof {
  key: string;
  absent: boolean;
  /** What was still there, at least; all zero when `absent`. */
  found: { versions: number; deleteMarkers: number; unfinishedUploads: number };
  /** The object known to exist that was seen after looking. */
  controlKey: string;
  checkedAt: Date;
}

/** Object Lock's legal hold of one version: nobody deletes it, no lifecycle rule either, until it is taken off. */
export interface LegalHoldLocks {
  /** Safe to repeat. */
  set(key: string, versionId: string, on: boolean): Promise<void>;
  isSet(key: string, versionId: string): Promise<boolean>;
}

export interface MultipartUploads {
  readonly minPartBytes: number;
  readonly maxPartBytes: number;
  readonly maxParts: number;
  begin(request: { key: string; contentType: string }): Promise<{ uploadId: string }>;
  /** `partNumber` starts at 1. `sha256` is that of the part. */
  signPart(
    request: MultipartPart & { key: string; uploadId: string; sha256: string; expiresInSeconds: number },
  ): Promise<SignedUpload>;
  listParts(key: string, uploadId: string): Promise<Array<MultipartPart & { etag: string }>>;
  complete(request: {
    key: string;
    uploadId: string;
    parts: Array<{ partNumber: number; etag: string }>;
    ifNoneMatch: "*" | null;
  }): Promise<StoredObject>;
  abort(key: string, uploadId: string): Promise<void>;
  /** Ends every other unfinished upload under this key: those whose beginning was never heard of. Safe to repeat. */
  abortOthers(key: string, uploadId: string): Promise<void>;
}

export interface MultipartPart {
  partNumber: number;
  sizeBytes: number;
}
