import type { UploadError } from "@/scripts/recordings/portal-client";

/** Refused, met by another writer, taken: whatever the code is, and without one as some stores answer. */
const staleStatus = new Set([403, 409, 412]);

/**
 * A signed address that ran out, that was used up, or whose signer's credentials ended: with another one the same
 * bytes pass.
 */
const staleLink = new Set([
  "AccessDenied",
  "ExpiredToken",
  "RequestTimeTooSkewed",
  "PreconditionFailed",
  "expired",
  "ticket_expired",
]);

/** What arrived is not what was announced: the file changed, or the bytes did on their way. */
const alteredBytes = new Set(["XAmzContentSHA256Mismatch", "BadDigest", "checksum_mismatch", "size_mismatch"]);

/** Whether another link for the same bytes may help, after an answer to one. */
export function isStaleLink(error: UploadError): boolean {
  return staleStatus.has(error.status) || staleLink.has(error.code);
}

/** Whether to read the file again and send it anew. */
export function isAltered(error: UploadError): boolean {
  return alteredBytes.has(error.code);
}
