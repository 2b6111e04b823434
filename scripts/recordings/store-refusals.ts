import type { UploadError } from "@/scripts/recordings/portal-client";

/** Status codes for refused, conflict and taken, whatever the error code; some stores send none. */
const staleStatus = new Set([403, 409, 412]);

/** An expired or used link, or expired credentials of its signer: the same bytes succeed with another link. */
const staleLink = new Set([
  "AccessDenied",
  "ExpiredToken",
  "RequestTimeTooSkewed",
  "PreconditionFailed",
  "expired",
  "ticket_expired",
]);

/** The content differs from the announcement: the file changed, or the bytes did in transit. */
const alteredBytes = new Set(["XAmzContentSHA256Mismatch", "BadDigest", "checksum_mismatch", "size_mismatch"]);

/** Whether another link for the same bytes may help, after an answer to one. */
export function isStaleLink(error: UploadError): boolean {
  return staleStatus.has(error.status) || staleLink.has(error.code);
}

/** Whether to read the file again and send it anew. */
export function isAltered(error: UploadError): boolean {
  return alteredBytes.has(error.code);
}
