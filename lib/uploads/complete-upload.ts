import { z } from "zod";
import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";
import { takeDenialQuota } from "@/lib/operation/denial-quota";
import type { Transaction } from "@/lib/db/client";
import { isDerivedId, unknownContentId } from "@/lib/db/recording-ids";
import { AppError, type ErrorCode } from "@/lib/core/errors";
import { command, refuse, refuseUnrecorded } from "@/lib/operation/operation";
import { findClaimedContent, ticketsOfClaim, type ClaimedContent } from "@/lib/uploads/claimed-content";
import { isSuppressed } from "@/lib/deletion/suppressed-calls";
import { isDeletingWith, lockRecordings, storedWith, type CallRecording } from "@/lib/uploads/call-recordings";
import { findOpenTickets, findUpload, type Upload } from "@/lib/uploads/open-upload";
import { idsOfContent, type LockedUpload } from "@/lib/uploads/recording-of-content";
import { closeTickets } from "@/lib/uploads/ticket-closing";
import { inspectTickets, type Inspection } from "@/lib/uploads/ticket-inspection";
import { confirmStored, finalizeUpload } from "@/lib/uploads/upload-outcome";
import { configuredStore } from "@/lib/storage/configured-store";

/** The optional fields of a completion. */
export const completion = z.object({
  ticketId: z
    .uuid()
    .nullish()
    .describe(
      "`upload.ticketId` of the ticket used for the upload. Without it, the upload can only be completed " +
        "if all uploads of this call had the same content",
    ),
  etag: z
    .string()
    .max(200)
    .transform((etag) => etag.replaceAll('"', ""))
    .nullish()
    .describe(
      "ETag that the store returned for the PUT. With it, a store that enforces the SHA-256 of the link " +
        "need not be read again, and completion is faster",
    ),
});

const completionRequest = completion.extend({ recordingId: z.uuid() });

/**
 * Takes an uploaded recording into custody after verifying it in the store. Returns `stored` only for the content that
 * the completion refers to (`findClaimedContent`), with the id of the recording that has it: content whose hash nobody
 * announced may be another recording of the call. Safe to repeat. The reconcile job calls it for uploads that were sent
 * and never completed.
 * @throws AppError `not_found`; `not_uploaded` when nothing was sent yet; `ticket_expired` when nothing was sent in
 * time; `size_mismatch`, `checksum_mismatch`, `empty_file`, `not_audio`, `unsupported_media_type`,
 * `encryption_missing`: the recording is rejected, the object removed, and a new ticket may be requested;
 * `ticket_used`; `already_deleted`; `upload_conflict` when other content of the sender's own recording id was stored or
 * replaced this one; `upload_ambiguous`; `default_policy_required`.
 */
export const completeUpload = command({
  permission: "recording:complete-upload",
  input: completionRequest,
  audits: ["recording.stored", "recording.rejected", "recording.upload_refused"],
  prepare: async ({ db, actor, input }) => {
    const upload = await findUpload(db, actor, input.recordingId);
    if (upload.state !== "pending" && !isOfferedMore(upload)) return { upload, inspection: null };
    const claim = await findClaimedContent(db, upload.id, input.ticketId);
    const sender = { etag: input.etag ?? null, namedId: input.ticketId ?? null };
    const inspection = await inspectTickets(configuredStore(), upload, ticketsOfClaim(upload, claim), sender);
    return { upload, inspection };
  },
  run: async ({ tx, input, prepared }) => {
    const { upload, inspection } = prepared;
    const locked = await lockUpload(tx, upload, inspection);
    const { recording, openTickets } = locked;
    const claim = await findClaimedContent(tx, upload.id, input.ticketId);
    const sha256 = claim.sha256 ?? verifiedSha256(inspection);
    const stored = storedWith(isDerivedId(recording.sourceRecordingId) ? locked.ofCall : [recording], sha256);
    if (stored) return confirmStored(tx, locked, stored, claim.ticket?.id ?? null);
    const isOpen = inspection !== null && openTickets.some(({ id }) => id === inspection.ticket.id);
    const isAmbiguous = claim.ticket === null && claim.isAmbiguous;
    const isWaiting = recording.state === "pending" || isOfferedMore(recording);
    if (!isWaiting || !isOpen || isAmbiguous) {
      const code = refusalOf(recording, claim);
      if (!isWaiting && claim.ticket) await closeTickets(tx, upload.id, "superseded", [claim.ticket.id]);
      return refuseWithinQuota(upload, new AppError(code, `recording is ${recording.state}`), { code });
    }
    if (inspection.verdict.kind === "missing" && !inspection.ticket.isExpired) {
      const code = "not_uploaded";
      return refuseWithinQuota(upload, new AppError(code), { ticketId: inspection.ticket.id, code });
    }
    return finalizeUpload(tx, locked, inspection);
  },
  // The ticket is closed, so no recording uses its key. If this fails, the reconcile job sweeps the key.
  afterRefusal: async ({ prepared: { inspection } }) => {
    if (!inspection || !(inspection.verdict.kind === "wrong" || isExpiredMultipart(inspection))) return;
    for (const key of [inspection.ticket.objectKey, inspection.ticket.promotedKey])
      if (key !== null) await configuredStore().deleteAllVersions(key);
  },
});

/** Parts of an expired upload cost money and contain voices, so they are removed without waiting for the sweep. */
function isExpiredMultipart({ ticket }: Inspection): boolean {
  return ticket.kind === "multipart" && ticket.isExpired;
}

/** Denials change nothing and may be repeated without end, so their audit events are limited. */
function refuseWithinQuota(
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
const isOfferedMore = ({ state, sourceRecordingId }: Pick<CallRecording, "state" | "sourceRecordingId">) =>
  state === "stored" && isDerivedId(sourceRecordingId);

/** Why the upload cannot be completed. The answer stays the same until another ticket is requested. */
function refusalOf(recording: CallRecording, { ticket, sha256, isAmbiguous }: ClaimedContent): ErrorCode {
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

/**
 * Reads the upload again after the store was checked: another request may have completed it, or requested a new ticket.
 * Locks the recordings of the call before their tickets, as `requestUpload` does.
 */
async function lockUpload(tx: Transaction, upload: Upload, inspection: Inspection | null): Promise<LockedUpload> {
  const sha256 = verifiedSha256(inspection);
  // Sent together; the connection runs them in this order.
  const [ofCall, openTickets, isDeleted] = await Promise.all([
    lockRecordings(tx, upload, upload.id),
    findOpenTickets(tx, upload.id),
    sha256 ? isSuppressed(tx, idsOfContent(upload, sha256), sha256) : false,
  ]);
  const recording = ofCall.find(({ id }) => id === upload.id);
  if (!recording) throw new AppError("not_found");
  return { recording, ofCall, openTickets, isDeleted: isDeleted || isDeletingWith(ofCall, sha256) };
}

const verifiedSha256 = (inspection: Inspection | null) =>
  inspection?.verdict.kind === "verified" ? inspection.verdict.sha256 : null;
