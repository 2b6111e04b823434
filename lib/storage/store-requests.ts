/** The body of a write. */
export type Bytes = Uint8Array | ReadableStream<Uint8Array>;

export interface UploadRequest {
  key: string;
  contentType: string;
  sizeBytes: number;
  sha256: string;
  expiresInSeconds: number;
}

export interface DownloadRequest {
  key: string;
  versionId?: string;
  expiresInSeconds: number;
  /** Content-Type of the response; default: the stored type. */
  contentType?: string;
  contentDisposition?: string;
}

export interface PutOptions {
  contentType: string;
  /** Remote stores require it for a stream. A body of another size is refused. */
  sizeBytes?: number;
  /** If given, a body with another hash is refused (`checksum_mismatch`). */
  sha256?: string;
  /**
   * "*": refused with `already_exists` if the key is taken. null: replaces, or adds a version if the store has them.
   */
  ifNoneMatch: "*" | null;
  /** End of the Object Lock (compliance). `not_supported` if `capabilities.objectLock` is false. */
  retainUntil?: Date;
}

/** Offsets of bytes, both ends included, as in HTTP. */
export interface ByteRange {
  start: number;
  endInclusive: number;
}

export interface ReadOptions {
  versionId?: string;
  /** Refused with `precondition_failed` if the object now has another ETag. */
  ifMatch?: string;
  signal?: AbortSignal;
  /** The caller has just read from the database whether the object has a data key. False saves a call to the vault. */
  hasDataKey?: boolean;
}

export interface ListRequest {
  /** "" for all. A prefix is not a folder: `a/b` also matches `a/bc`. */
  prefix: string;
  cursor?: string;
  /** 1 to 1000. */
  limit: number;
}
