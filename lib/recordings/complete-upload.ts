import { and, desc, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { auditEvent, type AuditEventInput } from "@/lib/audit/audit-event";
import { isDenialRecorded } from "@/lib/audit/is-denial-recorded";
import type { Actor } from "@/lib/auth/actor";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { AppError } from "@/lib/errors";
import { command, refuse, refuseUnrecorded } from "@/lib/operation";
import { numberColumns } from "@/lib/recordings/customer-number";
import { queueWaveform } from "@/lib/recordings/queue-waveform";
import { uploadedBy } from "@/lib/recordings/uploader";
import { verifyInCustody, type CustodyVerdict } from "@/lib/recordings/verify-in-custody";
import { assignRetention } from "@/lib/retention/assign-retention";
import { configuredStore } from "@/lib/storage/configured-store";

const now = sql`date_trunc('milliseconds', now())`;

/**
 * Takes an uploaded recording into custody, once the store has shown what it holds. Safe to repeat. The reconciliation job calls it
 * for uploads that were sent and never completed.
 * @throws AppError `not_found`; `not_uploaded` when nothing was sent yet; `ticket_expired` when nothing was sent in time;
 * `size_mismatch`, `checksum_mismatch`, `empty_file`, `not_audio`, `unsupported_media_type`, `encryption_missing`: the recording is
 * rejected, the object removed, and a new ticket may be asked for; `default_policy_required`.
 */
export const completeUpload = command({
  permission: "recording:complete-upload",
  input: z.object({ recordingId: z.uuid() }),
  audits: ["recording.stored", "recording.rejected", "recording.upload_refused"],
  prepare: async ({ db, actor, input }) => {
    const upload = await findUpload(db, actor, input.recordingId);
    if (upload.state !== "pending" || !upload.ticketId || !upload.objectKey) return { upload, verdict: null };
    return { upload, verdict: await verifyInCustody(configuredStore(), { ...upload, objectKey: upload.objectKey }) };
  },
  run: async ({ tx, input, prepared }) => {
    const { upload, verdict } = prepared;
    const target = { type: "recording", id: input.recordingId, unitId: upload.unitId };
    const result = { id: input.recordingId, state: "stored" as const };
    const { state, isTicketOpen } = await lockUpload(tx, upload);
    if (state === "stored") return { result, unchanged: true };
    if (verdict === null || !isTicketOpen) {
      const code = state === "pending" || state === "rejected" ? "ticket_used" : "already_stored";
      return refuseBounded(input.recordingId, new AppError(code, `recording is ${state}`), auditEvent("recording.upload_refused", { outcome: "failure", target, details: { code } }));
    }
    const details = { ticketId: upload.ticketId!, sizeBytes: upload.sizeBytes };
    if (verdict.kind === "missing" && !upload.isExpired) {
      const code = "not_uploaded";
      return refuseBounded(input.recordingId, new AppError(code), auditEvent("recording.upload_refused", { outcome: "failure", target, details: { ...details, code } }));
    }
    if (verdict.kind !== "verified") {
      const code = verdict.kind === "wrong" ? verdict.code : "ticket_expired";
      await reject(tx, input.recordingId, upload.ticketId!, code);
      return refuse(new AppError(code), auditEvent("recording.rejected", { outcome: "failure", target, details: { ...details, code } }));
    }
    await store(tx, upload, verdict);
    return { result, audits: [auditEvent("recording.stored", { target, details: { ...details, sha256: upload.sha256.toString("hex"), encryption: verdict.encryption?.algorithm ?? "unverifiable" } })] };
  },
  afterCommit: async ({ input }) => queueWaveform(input.recordingId),
  // The ticket is closed, so whatever lies under its key is nobody's; the reconciliation job repeats this if it fails here.
  afterRefusal: async ({ prepared }) => {
    if (prepared.verdict?.kind !== "wrong") return;
    for (const key of [prepared.upload.objectKey, prepared.upload.promotedKey]) if (key !== null) await configuredStore().deleteAllVersions(key);
  },
});

/** Changes nothing, so a phone system may ask for ever: it fills its share of the log and no more. */
function refuseBounded(recordingId: string, refusal: AppError, event: AuditEventInput<"recording.upload_refused">) {
  return isDenialRecorded(`upload ${recordingId}`) ? refuse(refusal, event) : refuseUnrecorded(refusal);
}

type Upload = Awaited<ReturnType<typeof findUpload>>;

async function findUpload(db: ReadDatabase, actor: Actor, recordingId: string) {
  const { state, unitId, queueId, startedAt, contentType, sizeBytes, sha256 } = recordings;
  const isExpired = sql<boolean>`${uploadTickets.expiresAt} < now()`;
  const [upload] = await db
    .select({ id: recordings.id, state, unitId, queueId, startedAt, contentType, sizeBytes, sha256, ticketId: uploadTickets.id, objectKey: uploadTickets.objectKey, promotedKey: uploadTickets.promotedKey, isExpired })
    .from(recordings)
    .leftJoin(uploadTickets, and(eq(uploadTickets.recordingId, recordings.id), isNull(uploadTickets.closedAt)))
    .where(and(eq(recordings.id, recordingId), uploadedBy(actor)))
    .orderBy(desc(uploadTickets.createdAt))
    .limit(1);
  if (!upload) throw new AppError("not_found");
  return upload;
}

/**
 * What became of the upload while the store was looked at: another call may have completed it, or asked for a new ticket. The
 * recording is locked before its tickets, as in `requestUpload`.
 */
async function lockUpload(tx: Transaction, upload: Upload) {
  const [recording] = await tx.select({ state: recordings.state }).from(recordings).where(eq(recordings.id, upload.id)).for("no key update");
  if (!recording) throw new AppError("not_found");
  if (!upload.ticketId) return { state: recording.state, isTicketOpen: false };
  const [ticket] = await tx.select({ closedAt: uploadTickets.closedAt }).from(uploadTickets).where(eq(uploadTickets.id, upload.ticketId));
  return { state: recording.state, isTicketOpen: recording.state === "pending" && ticket?.closedAt === null };
}

async function store(tx: Transaction, upload: Upload, verdict: Extract<CustodyVerdict, { kind: "verified" }>): Promise<void> {
  const retention = await assignRetention(tx, upload);
  await closeTicket(tx, upload.ticketId!, "completed");
  await tx
    .update(recordings)
    .set({ state: "stored", objectKey: verdict.objectKey, objectVersionId: verdict.versionId, objectEtag: verdict.etag, encryption: verdict.encryption, storedAt: now, ...retention })
    .where(eq(recordings.id, upload.id));
}

async function reject(tx: Transaction, recordingId: string, ticketId: string, code: string): Promise<void> {
  await closeTicket(tx, ticketId, "rejected");
  // There is no audio whose retention would say how long the number is kept; a new ticket brings it again.
  await tx.update(recordings).set({ state: "rejected", rejectionCode: code, ...numberColumns(null) }).where(eq(recordings.id, recordingId));
}

async function closeTicket(tx: Transaction, ticketId: string, outcome: "completed" | "rejected"): Promise<void> {
  await tx.update(uploadTickets).set({ closedAt: now, outcome }).where(eq(uploadTickets.id, ticketId));
}
