import { assertObjectKey } from "@/lib/storage/object-key";
import type { StoreCapabilities } from "@/lib/core/env/store-capabilities";
import type { ByteRange, DownloadRequest, PutOptions, UploadRequest } from "@/lib/storage/store-requests";
import { StoreError } from "@/lib/storage/store-error";

/** An object that every store has: if the store shows it, an empty answer proves absence. It is never listed. */
export const CONTROL_OBJECT_KEY = "custodia-control/presence";

const MEDIA_TYPE = /^[\w!#$&^.+-]{1,64}\/[\w!#$&^.+-]{1,64}(?:; ?[\w.-]{1,32}=[\w.-]{1,64})?$/;
const SHA256_HEX = /^[0-9a-f]{64}$/;

/** Checks a request of `signUpload`. */
export function assertUploadRequest(request: UploadRequest, capabilities: StoreCapabilities): void {
  assertObjectKey(request.key);
  assertContentType(request.contentType);
  assertSha256(request.sha256);
  assertLinkLife(request.expiresInSeconds, capabilities);
  if (!Number.isSafeInteger(request.sizeBytes) || request.sizeBytes < 0) throw invalid("Invalid size.");
  if (request.sizeBytes > capabilities.maxUploadBytes)
    throw new StoreError("too_large", "The object exceeds the size limit of one upload.");
}

/** Checks a request of `signDownload`; header values must not break out of their header. */
export function assertDownloadRequest(request: DownloadRequest, capabilities: StoreCapabilities): void {
  assertObjectKey(request.key);
  assertLinkLife(request.expiresInSeconds, capabilities);
  if (request.versionId !== undefined && !capabilities.signedVersion)
    throw new StoreError("not_supported", "This store has no versions.");
  if (request.contentType !== undefined) assertContentType(request.contentType);
  if (request.contentDisposition !== undefined && !/^[\x20-\x7e]{1,512}$/.test(request.contentDisposition)) {
    throw invalid("The content disposition must be printable ASCII.");
  }
}

/** Checks the options of `put`. */
export function assertPutOptions(options: PutOptions, capabilities: StoreCapabilities): void {
  assertContentType(options.contentType);
  if (options.sha256 !== undefined) assertSha256(options.sha256);
  if (options.sizeBytes !== undefined && (!Number.isSafeInteger(options.sizeBytes) || options.sizeBytes < 0)) {
    throw invalid("Invalid size.");
  }
  if (options.retainUntil && !capabilities.objectLock)
    throw new StoreError("not_supported", "This store has no Object Lock.");
}

export function assertContentType(contentType: string): void {
  if (!MEDIA_TYPE.test(contentType)) throw invalid("Invalid content type.");
}

/** Checks a request of `multipart.signPart`. The last part may be smaller than `minPartBytes`. */
export function assertMultipartPart(
  part: { partNumber: number; sizeBytes: number; sha256: string; expiresInSeconds: number },
  limits: { maxPartBytes: number; maxParts: number },
  capabilities: StoreCapabilities,
): void {
  assertSha256(part.sha256);
  assertLinkLife(part.expiresInSeconds, capabilities);
  if (!Number.isInteger(part.partNumber) || part.partNumber < 1 || part.partNumber > limits.maxParts)
    throw invalid("Invalid part number.");
  if (!Number.isSafeInteger(part.sizeBytes) || part.sizeBytes < 0) throw invalid("Invalid size.");
  if (part.sizeBytes > limits.maxPartBytes) throw new StoreError("too_large", "The part exceeds the size limit.");
}

function assertSha256(sha256: string): void {
  if (!SHA256_HEX.test(sha256)) throw invalid("The SHA-256 must be 64 lowercase hex digits.");
}

export function assertListLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) throw invalid("The list limit must be 1 to 1000.");
}

/** Checks the offsets of a `readRange`. */
export function assertByteRange(range: ByteRange): void {
  const isSafe = Number.isSafeInteger(range.start) && Number.isSafeInteger(range.endInclusive);
  if (!isSafe || range.start < 0 || range.endInclusive < range.start) throw invalid("Invalid byte range.");
}

/**
 * Cuts a range at the end of the object. An empty object has one range: 0 to 0, without bytes.
 * @throws StoreError `range_not_satisfiable`
 */
export function boundedRange(range: ByteRange, totalSizeBytes: number): { endInclusive: number; sizeBytes: number } {
  if (totalSizeBytes === 0 && range.start === 0) return { endInclusive: 0, sizeBytes: 0 };
  if (range.start >= totalSizeBytes)
    throw new StoreError("range_not_satisfiable", "The range starts past the end of the object.");
  const endInclusive = Math.min(range.endInclusive, totalSizeBytes - 1);
  return { endInclusive, sizeBytes: endInclusive - range.start + 1 };
}

function assertLinkLife(expiresInSeconds: number, capabilities: StoreCapabilities): void {
  if (!Number.isInteger(expiresInSeconds) || expiresInSeconds < 1 || expiresInSeconds > capabilities.maxLinkSeconds) {
    throw invalid("Invalid life of the link.");
  }
}

function invalid(message: string): StoreError {
  return new StoreError("invalid_request", message);
}
