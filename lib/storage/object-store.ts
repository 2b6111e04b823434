import type { StoreCapabilities } from "@/lib/core/env/store-capabilities";
import type {
  AbsenceProof,
  DeletionCounts,
  ObjectFacts,
  ObjectPage,
  ObjectRange,
  ObjectStart,
  SignedDownload,
  SignedUpload,
  StoredObject,
} from "@/lib/storage/object-facts";
import type {
  Bytes,
  ByteRange,
  DownloadRequest,
  ListRequest,
  PutOptions,
  ReadOptions,
  UploadRequest,
} from "@/lib/storage/store-requests";

export type * from "@/lib/storage/object-facts";
export type * from "@/lib/storage/store-requests";

/**
 * The port of an object store. Adapters: `disk`, `s3`, `supabase`, and the envelope around any of them.
 *
 * Rules for each adapter:
 * - every method checks its keys with `assertObjectKey`; sizes are bytes; a SHA-256 is 64 lowercase hex digits;
 * - every failure is a `StoreError` with a stable code;
 * - no method reads the environment; `capabilities` declares what the store cannot do, and no method simulates it.
 */
export interface ObjectStore {
  /** Name in logs and proofs: "disk", "s3:aws", ... */
  readonly name: string;
  readonly capabilities: StoreCapabilities;
  /** The settings request no encryption, although the store could report it. Unencrypted objects are then accepted. */
  readonly acceptsUnencrypted: boolean;
  /** Uploads in parts, for files above `maxUploadBytes` and for uploads that can be resumed. Null: not supported. */
  readonly multipart: MultipartUploads | null;
  /**
   * Moves an uploaded object to a key for which no ticket was ever issued. Throws `already_exists` if `toKey` is taken.
   * Null if an upload link cannot change a stored object unnoticed (`detectsReplacement`).
   */
  readonly promote: ((fromKey: string, toKey: string) => Promise<void>) | null;
  /** The store's own lock on held objects. Null if `capabilities.objectLock` is false. */
  readonly legalHold: LegalHoldLocks | null;

  /** A link that stores these bytes under this key until it expires; `capabilities` say whether it works only once. */
  signUpload(request: UploadRequest): Promise<SignedUpload>;
  /** A link that reads one object until it expires; it serves byte ranges. */
  signDownload(request: DownloadRequest): Promise<SignedDownload>;
  /** Writes from the server (anchors, ledger, import). All or nothing: an incomplete object is never visible. */
  put(key: string, body: Bytes, options: PutOptions): Promise<StoredObject>;
  /** The store's facts about an object; null if the store answered clearly that there is none. */
  head(key: string, versionId?: string): Promise<ObjectFacts | null>;
  /** Like `head`, with the first `count` bytes of the same object; in one request if the store can. */
  readStart(key: string, count: number): Promise<ObjectStart | null>;
  /** Reads bytes `start` to `endInclusive`, at most to the end of the object. Cancel the stream to stop early. */
  readRange(key: string, range: ByteRange, options?: ReadOptions): Promise<ObjectRange>;
  /** One page of current objects, in the store's own order. An object that is not deleted is listed exactly once. */
  list(request: ListRequest): Promise<ObjectPage>;
  /** Removes every version, delete marker and unfinished multipart upload of exactly this key. Safe to repeat. */
  deleteAllVersions(key: string): Promise<DeletionCounts>;
  /**
   * Checks again whether anything is left under this key. `absent` is true only if the same calls show an object that
   * certainly exists; otherwise it throws `integrity`, because a store that lost its data also answers "empty".
   */
  proveAbsence(key: string): Promise<AbsenceProof>;
}

/** Object Lock's legal hold of one version: no person and no lifecycle rule deletes it until it is released. */
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
  /** `partNumber` starts at 1. `sha256` is the hash of the part. */
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
  /** Aborts every other unfinished upload of this key; a lost answer may have hidden one. Safe to repeat. */
  abortOthers(key: string, uploadId: string): Promise<void>;
}

export interface MultipartPart {
  partNumber: number;
  sizeBytes: number;
}
