import type { UploadError } from "@/scripts/recordings/portal-client";

/** Status codes for a link that no longer works, with any error code; some stores send none. */
const staleStatus = new Set([403, 409, 412]);

/** Codes for an expired or used link, or expired credentials of its signer. */
const staleLink = new Set([
  "AccessDenied",
  "ExpiredToken",
  "RequestTimeTooSkewed",
  "PreconditionFailed",
  "expired",
  "ticket_expired",
]);

/** Codes for content that differs from its announcement: the file changed, or the bytes did in transit. */
const alteredBytes = new Set(["XAmzContentSHA256Mismatch", "BadDigest", "checksum_mismatch", "size_mismatch"]);

/** True if another link for the same bytes may succeed. */
export function isStaleLink(error: UploadError): boolean {
  return staleStatus.has(error.status) || staleLink.has(error.code);
}

/** True if the file should be read and sent again. */
export function isAltered(error: UploadError): boolean {
  return alteredBytes.has(error.code);
}
