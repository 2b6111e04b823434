import type { UploadError } from "@/lib/upload-client/portal-client";

/** A signed address that ran out, that was used up, or whose signer's credentials ended: with another one the same bytes pass. */
const staleLink = new Set(["AccessDenied", "ExpiredToken", "RequestTimeTooSkewed", "PreconditionFailed", "expired", "ticket_expired", "already_exists", "precondition_failed"]);

/** What arrived is not what was announced: the file changed, or the bytes did on their way. */
const alteredBytes = new Set(["XAmzContentSHA256Mismatch", "BadDigest", "checksum_mismatch", "size_mismatch"]);

/** Whether another link for the same bytes may help. Stores without a body in their answers say it by the status alone. */
export function isStaleLink(error: UploadError): boolean {
  return error.status === 403 || error.status === 412 || staleLink.has(error.code);
}

/** Whether to read the file again and send it anew. */
export function isAltered(error: UploadError): boolean {
  return alteredBytes.has(error.code);
}
