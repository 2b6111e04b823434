import type { EncryptionKind } from "@/lib/core/env/store-capabilities";

/** The encryption that the store reported. "none": it reported none. "unverifiable": it reports nothing either way. */
export type ObjectEncryption = { algorithm: EncryptionKind; keyId: string | null } | "none" | "unverifiable";

/** Send exactly `headers`; Content-Length must be the signed size (HTTP clients set it from the body). */
export interface SignedUpload {
  method: "PUT";
  url: string;
  headers: Record<string, string>;
  expiresAt: Date;
}

export interface SignedDownload {
  url: string;
  expiresAt: Date;
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
  /** Null unless the store itself verified it. */
  sha256: string | null;
  encryption: ObjectEncryption;
  lastModified: Date;
}

export interface ObjectStart {
  facts: ObjectFacts;
  firstBytes: Buffer;
}

export interface ObjectRange {
  stream: ReadableStream<Uint8Array>;
  /** Bytes in this stream. */
  sizeBytes: number;
  /** The range that was answered, and the size of the whole object. */
  start: number;
  endInclusive: number;
  totalSizeBytes: number;
  contentType: string;
  etag: string;
  versionId: string | null;
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
  /** What was found, at least; all zero if `absent`. */
  found: { versions: number; deleteMarkers: number; unfinishedUploads: number };
  /** The object known to exist that the same calls showed afterwards. */
  controlKey: string;
  checkedAt: Date;
}
