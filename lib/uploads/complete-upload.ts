import { eq } from "drizzle-orm";
import { z } from "zod";
import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";
import { takeDenialQuota } from "@/lib/operation/denial-quota";
import type { Transaction } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { AppError, type ErrorCode } from "@/lib/core/errors";
import { command, refuse, refuseUnrecorded } from "@/lib/operation/operation";
import { findClaimedContent, ticketsOfClaim, type ClaimedContent } from "@/lib/uploads/claimed-content";
import { findOpenTickets, findUpload } from "@/lib/uploads/open-upload";
import { inspectTickets, type Inspection } from "@/lib/uploads/ticket-inspection";
import { finalizeUpload } from "@/lib/uploads/upload-outcome";
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
 * the completion refers to (`findClaimedContent`). Safe to repeat. The reconcile job calls it for uploads that were
 * sent and never completed.
 * @throws AppError `not_found`; `not_uploaded` when nothing was sent yet; `ticket_expired` when nothing was sent in
 * time; `size_mismatch`, `checksum_mismatch`, `empty_file`, `not_audio`, `unsupported_media_type`,
 * `encryption_missing`: the recording is rejected, the object removed, and a new ticket may be requested;
 * `upload_conflict` when another upload of the call, with other content, was stored or replaced this one;
 * `upload_ambiguous`; `default_policy_required`.
 */
export const completeUpload = command({
  permission: "recording:complete-upload",
  input: completionRequest,
  audits: ["recording.stored", "recording.rejected", "recording.upload_refused"],
  prepare: async ({ db, actor, input }) => {
    const upload = await findUpload(db, actor, input.recordingId);
    if (upload.state !== "pending") return { upload, inspection: null };
    const claim = await findClaimedContent(db, upload.id, input.ticketId);
    const sender = { etag: input.etag ?? null, namedId: input.ticketId ?? null };
    const inspection = await inspectTickets(configuredStore(), upload, ticketsOfClaim(upload, claim), sender);
    return { upload, inspection };
  },
  run: async ({ tx, input, prepared }) => {
    const { upload, inspection } = prepared;
    const locked = await lockUpload(tx, upload.id);
    const claim = await findClaimedContent(tx, upload.id, input.ticketId);
    const hasSameContent = locked.sha256 !== null && claim.sha256?.equals(locked.sha256) === true;
    if (locked.state === "stored" && hasSameContent)
      return { result: { id: upload.id, state: "stored" as const }, unchanged: true };
    const isOpen = inspection !== null && locked.openTicketIds.includes(inspection.ticket.id);
    const isAmbiguous = claim.ticket === null && claim.isAmbiguous;
    if (locked.state !== "pending" || !isOpen || isAmbiguous) {
      const code = refusalOf(locked, claim, hasSameContent);
      return refuseWithinQuota(upload, new AppError(code, `recording is ${locked.state}`), { code });
    }
    if (inspection.verdict.kind === "missing" && !inspection.ticket.isExpired) {
      const code = "not_uploaded";
      return refuseWithinQuota(upload, new AppError(code), { ticketId: inspection.ticket.id, code });
    }
    return finalizeUpload(tx, upload, inspection, locked.openTicketIds);
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

/** Why the upload cannot be completed. The answer stays the same until another ticket is requested. */
function refusalOf(
  { state, rejectionCode }: Awaited<ReturnType<typeof lockUpload>>,
  { ticket, sha256, isAmbiguous }: ClaimedContent,
  hasSameContent: boolean,
): ErrorCode {
  if (state === "deleting" || state === "deleted") return "already_deleted";
  if (state === "stored") return sha256 === null ? "upload_ambiguous" : "upload_conflict";
  if (state === "rejected")
    return ticket && hasSameContent && rejectionCode ? (rejectionCode as ErrorCode) : "ticket_used";
  if (!ticket && isAmbiguous) return "upload_ambiguous";
  // Closed because another ticket was requested, for other content or for the same content, which may be sent again.
  return sha256 !== null && !hasSameContent ? "upload_conflict" : "ticket_used";
}

/**
 * Reads the upload again after the store was checked: another request may have completed it, or requested a new ticket.
 * Locks the recording before its tickets, as `requestUpload` does.
 */
async function lockUpload(tx: Transaction, recordingId: string) {
  const locked = tx
    .select({ state: recordings.state, sha256: recordings.sha256, rejectionCode: recordings.rejectionCode })
    .from(recordings)
    .where(eq(recordings.id, recordingId))
    .for("no key update");
  // Sent together; the connection runs them in this order.
  const [[recording], tickets] = await Promise.all([locked, findOpenTickets(tx, recordingId)]);
  if (!recording) throw new AppError("not_found");
  return { ...recording, openTicketIds: tickets.map(({ id }) => id) };
}
