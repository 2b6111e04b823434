import { assertObjectKey } from "@/lib/storage/object-key";
import type { StoreCapabilities } from "@/lib/core/env/store-capabilities";
import type { DownloadRequest, PutOptions, UploadRequest } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";

/** An object that every store of ours holds: seeing it proves that an empty answer is believable. Never listed. */
export const CONTROL_OBJECT_KEY = "custodia-control/presence";

const MEDIA_TYPE = /^[\w!#$&^.+-]{1,64}\/[\w!#$&^.+-]{1,64}(?:; ?[\w.-]{1,32}=[\w.-]{1,64})?$/;
const SHA256_HEX = /^[0-9a-f]{64}$/;

/** Checks what is asked of `signUpload` before anything is signed. */
export function assertUploadRequest(request: UploadRequest, capabilities: StoreCapabilities): void {
  assertObjectKey(request.key);
  assertContentType(request.contentType);
  assertSha256(request.sha256);
  assertLinkLife(request.expiresInSeconds, capabilities);
  if (!Number.isSafeInteger(request.sizeBytes) || request.sizeBytes < 0)
    throw invalid("The size is not a number of bytes.");
  if (request.sizeBytes > capabilities.maxUploadBytes)
    throw new StoreError("too_large", "The object exceeds the size limit of one upload.");
}

/** Checks what is asked of `signDownload`; header values must not break out of their header. */
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
    throw invalid("The size is not a number of bytes.");
  }
  if (options.retainUntil && !capabilities.objectLock)
    throw new StoreError("not_supported", "This store has no Object Lock.");
}

export function assertContentType(contentType: string): void {
  if (!MEDIA_TYPE.test(contentType)) throw invalid("The content type is not acceptable.");
}

/** Checks what is asked of `multipart.signPart`. The last part may be smaller than the least size of the others. */
export function assertMultipartPart(
  part: { partNumber: number; sizeBytes: number; sha256: string; expiresInSeconds: number },
  limits: { maxPartBytes: number; maxParts: number },
  capabilities: StoreCapabilities,
): void {
  assertSha256(part.sha256);
  assertLinkLife(part.expiresInSeconds, capabilities);
  if (!Number.isInteger(part.partNumber) || part.partNumber < 1 || part.partNumber > limits.maxParts)
    throw invalid("The number of the part is not acceptable.");
  if (!Number.isSafeInteger(part.sizeBytes) || part.sizeBytes < 0) throw invalid("The size is not a number of bytes.");
  if (part.sizeBytes > limits.maxPartBytes) throw new StoreError("too_large", "The part exceeds the size limit.");
}

function assertSha256(sha256: string): void {
  if (!SHA256_HEX.test(sha256)) throw invalid("The SHA-256 must be 64 lowercase hex digits.");
}

export function assertListLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) throw invalid("The list limit must be 1 to 1000.");
}

/** Offsets of a `readRange`. */
export function assertByteRange(range: { start: number; endInclusive: number }): void {
  const sound = Number.isSafeInteger(range.start) && Number.isSafeInteger(range.endInclusive);
  if (!sound || range.start < 0 || range.endInclusive < range.start) throw invalid("The byte range is not acceptable.");
}

function assertLinkLife(expiresInSeconds: number, capabilities: StoreCapabilities): void {
  if (!Number.isInteger(expiresInSeconds) || expiresInSeconds < 1 || expiresInSeconds > capabilities.maxLinkSeconds) {
    throw invalid("The life of the link is not acceptable.");
  }
}

function invalid(message: string): StoreError {
  return new StoreError("invalid_request", message);
}
