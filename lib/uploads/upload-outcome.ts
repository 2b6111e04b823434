import { eq } from "drizzle-orm";
import type { PgUpdateSetSource } from "drizzle-orm/pg-core";
import { auditEvent } from "@/lib/operation/audit-event";
import type { Transaction } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { transactionNow as now } from "@/lib/db/schema/columns";
import { AppError, type ErrorCode } from "@/lib/core/errors";
import { refuse } from "@/lib/operation/operation";
import { closeOtherTickets, closeTickets } from "@/lib/uploads/ticket-closing";
import { numberColumns } from "@/lib/recordings/customer-number";
import type { CallRecording } from "@/lib/uploads/call-recordings";
import { idsOfContent, putsUnderWay, recordingOfContent, type LockedUpload } from "@/lib/uploads/recording-of-content";
import type { Inspection } from "@/lib/uploads/ticket-inspection";
import type { FinalVerdict } from "@/lib/uploads/final-verdict";
import { assignRetention } from "@/lib/retention/retention-assignment";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import { queueWebhook, type WebhookNews } from "@/lib/notifications/queue-webhook";

type Verified = Extract<FinalVerdict, { kind: "verified" }>;

/**
 * Finalizes an upload as stored or rejected, according to the object in the store. Only this ticket is closed if the
 * object is missing and another ticket is open, or if other content of the call is stored or under way. `tx` holds the
 * locks on the recordings of the call.
 */
export async function finalizeUpload(tx: Transaction, upload: LockedUpload, inspection: Inspection) {
  const { verdict, ticket } = inspection;
  const { recording, openTickets } = upload;
  if (verdict.kind === "verified" && !upload.isDeleted) return store(tx, upload, inspection, verdict);
  const code =
    verdict.kind === "verified" ? "already_deleted" : verdict.kind === "wrong" ? verdict.code : "ticket_expired";
  const target = { type: "recording", id: recording.id, unitId: recording.unitId };
  const { sizeBytes } = recording;
  const details = { ticketId: ticket.id, ...(sizeBytes === null ? {} : { sizeBytes }), code };
  const hasOthers = verdict.kind === "missing" && openTickets.some(({ id }) => !inspection.inspectedIds.includes(id));
  if (hasOthers || recording.state !== "pending" || putsUnderWay(upload, ticket.id).length > 0) {
    const ended = verdict.kind === "missing" ? inspection.inspectedIds : [ticket.id];
    await closeTickets(tx, recording.id, "superseded", ended);
    return refuse(new AppError(code), auditEvent("recording.upload_refused", { outcome: "failure", target, details }));
  }
  await reject(tx, recording.id, ticket.id, code);
  return refuse(new AppError(code), auditEvent("recording.rejected", { outcome: "failure", target, details }));
}

/**
 * The answer to a completion whose content is stored already. Ends the ticket, if it is named and open, and the
 * recording that waited for this content and needs it no more.
 */
export async function confirmStored(
  tx: Transaction,
  upload: LockedUpload,
  stored: CallRecording,
  ticketId: string | null,
) {
  const { recording } = upload;
  const result = { id: stored.id, state: "stored" as const };
  if (ticketId) await closeTickets(tx, recording.id, "superseded", [ticketId]);
  if (recording.state !== "pending" || ticketId === null || putsUnderWay(upload, ticketId).length > 0)
    return { result, unchanged: true as const };
  const [ended] = await Promise.all([
    endAsKnown(tx, recording, ticketId),
    queueWebhook(tx, { recordingId: stored.id, ticketId, event: "recording.stored", code: null }),
  ]);
  return { result, audits: [ended] as const };
}

/** Ends a recording whose content became, or is, another one of its call. Its sender was answered `stored`. */
async function endAsKnown(tx: Transaction, { id, unitId }: CallRecording, ticketId: string) {
  const code = "already_stored";
  await closeTickets(tx, id, "superseded");
  await changeRecording(tx, id, { state: "rejected", rejectionCode: code, ...numberColumns(null) });
  return auditEvent("recording.rejected", {
    outcome: "failure",
    target: { type: "recording", id, unitId },
    details: { ticketId, code },
  });
}

function describeStored(ticketId: string, { sizeBytes, sha256, encryption }: Verified) {
  const { algorithm, keyId } = encryption ?? { algorithm: "unverifiable", keyId: null };
  return {
    ticketId,
    sizeBytes,
    sha256: sha256.toString("hex"),
    encryption: algorithm,
    ...(keyId === null ? {} : { keyId }),
  };
}

async function store(tx: Transaction, upload: LockedUpload, { ticket }: Inspection, verdict: Verified) {
  const { objectKey, sizeBytes, sha256, versionId: objectVersionId, etag: objectEtag, encryption, codec } = verdict;
  const recording = await recordingOfContent(tx, upload, sha256, ticket.id);
  const isOwn = recording.id === upload.recording.id;
  const retention = await assignRetention(tx, recording);
  // The `content` ticket or the link of this PUT also ends as completed; other tickets end unused.
  const permitting = upload.openTickets.filter(
    ({ kind }) => isOwn && (kind === "content" || (kind === "single" && ticket.kind === "received")),
  );
  const ended = {
    outcome: "completed" as const,
    ticketIds: [ticket.id, ...permitting.map(({ id }) => id)],
    left: isOwn ? putsUnderWay(upload, ticket.id).map(({ id }) => id) : [],
  };
  const columns = {
    state: "stored" as const,
    sourceRecordingId: idsOfContent(recording, sha256).sourceRecordingId,
    // Verified for this type.
    contentType: upload.recording.contentType,
    objectKey,
    objectVersionId,
    objectEtag,
    sizeBytes,
    sha256,
    encryption,
    codec,
    storedAt: now,
    rejectionCode: null,
    ...retention,
  };
  const message = { recordingId: recording.id, ticketId: ticket.id, event: "recording.stored" as const, code: null };
  const waveform = { kind: "waveform" as const, key: recording.id, payload: { recordingId: recording.id } };
  await Promise.all([end(tx, ended, columns, message), enqueueJob(tx, waveform)]);
  const target = { type: "recording", id: recording.id, unitId: recording.unitId };
  const stored = auditEvent("recording.stored", { target, details: describeStored(ticket.id, verdict) });
  const isSpare = !isOwn && upload.recording.state === "pending" && putsUnderWay(upload, ticket.id).length === 0;
  const audits = isSpare ? ([stored, await endAsKnown(tx, upload.recording, ticket.id)] as const) : ([stored] as const);
  return { result: { id: recording.id, state: "stored" as const }, audits };
}

async function reject(tx: Transaction, recordingId: string, ticketId: string, code: ErrorCode): Promise<void> {
  // Without audio the customer's number has no retention period, so it is removed. A new ticket contains it again.
  const columns = { state: "rejected" as const, rejectionCode: code, ...numberColumns(null) };
  await end(tx, { outcome: "rejected", ticketIds: [ticketId], left: [] }, columns, {
    recordingId,
    ticketId,
    event: "recording.failed",
    code,
  });
}

/** `left`: tickets that stay open. */
type Ended = { outcome: "completed" | "rejected"; ticketIds: string[]; left: string[] };

/**
 * Sends the statements together; the connection runs them in this order. The webhook is last: it needs a second
 * statement, which is not sent if an earlier one failed.
 */
async function end(
  tx: Transaction,
  { outcome, ticketIds, left }: Ended,
  columns: PgUpdateSetSource<typeof recordings>,
  message: WebhookNews,
): Promise<void> {
  const { recordingId } = message;
  await Promise.all([
    closeTickets(tx, recordingId, outcome, ticketIds),
    closeOtherTickets(tx, recordingId, left),
    changeRecording(tx, recordingId, columns),
    queueWebhook(tx, message),
  ]);
}

async function changeRecording(
  tx: Transaction,
  recordingId: string,
  columns: PgUpdateSetSource<typeof recordings>,
): Promise<void> {
  await tx.update(recordings).set(columns).where(eq(recordings.id, recordingId));
}
