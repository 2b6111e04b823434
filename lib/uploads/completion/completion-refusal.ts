import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";
import { takeDenialQuota } from "@/lib/operation/denial-quota";
import { refuse, refuseUnrecorded } from "@/lib/operation/operation";
import { isDerivedId, unknownContentId } from "@/lib/db/recording-ids";
import type { AppError, ErrorCode } from "@/lib/core/errors";
import type { CallRecording } from "@/lib/uploads/call-recordings";
import type { ClaimedContent } from "@/lib/uploads/claimed-content";

/** Denials change nothing and may be repeated without end, so their audit events are limited. */
export function refuseWithinQuota(
  upload: { id: string; unitId: string },
  refusal: AppError,
  details: AuditEventInput["details"],
) {
  const event = auditEvent("recording.upload_refused", {
    outcome: "failure",
    target: { type: "recording", id: upload.id, unitId: upload.unitId },
    details,
  });
  return takeDenialQuota(`upload ${upload.id}`) ? refuse(refusal, event) : refuseUnrecorded(refusal);
}

/** Stored with the first content that was sent through the portal; what else arrives there is another recording. */
export const isOfferedMore = ({ state, sourceRecordingId }: Pick<CallRecording, "state" | "sourceRecordingId">) =>
  state === "stored" && isDerivedId(sourceRecordingId);

/** Why the upload cannot be completed. The answer stays the same until another ticket is requested. */
export function refusalOf(recording: CallRecording, { ticket, sha256, isAmbiguous }: ClaimedContent): ErrorCode {
  const { state, rejectionCode } = recording;
  const hasSameContent = sha256 !== null && recording.sha256?.equals(sha256) === true;
  // The portal made its id: other content is another recording, for which a new ticket may be requested.
  const isOther = sha256 !== null && !hasSameContent;
  const conflict = isDerivedId(recording.sourceRecordingId) && state !== "pending" ? "ticket_used" : "upload_conflict";
  if (state === "deleting" || state === "deleted")
    return isOther && conflict === "ticket_used" ? conflict : "already_deleted";
  if (state === "stored") return sha256 === null ? "upload_ambiguous" : conflict;
  if (state === "rejected")
    return ticket && hasSameContent && rejectionCode ? (rejectionCode as ErrorCode) : "ticket_used";
  if (!ticket && isAmbiguous) return "upload_ambiguous";
  // Closed because another ticket was requested, for other content or for the same content, which may be sent again.
  return isOther && recording.sourceRecordingId !== unknownContentId ? "upload_conflict" : "ticket_used";
}
