import { eq } from "drizzle-orm";
import type { PgUpdateSetSource } from "drizzle-orm/pg-core";
import { auditEvent } from "@/lib/operation/audit-event";
import type { Transaction } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { transactionNow as now } from "@/lib/db/schema/columns";
import { AppError, type ErrorCode } from "@/lib/core/errors";
import { refuse } from "@/lib/operation/operation";
import { closeTickets } from "@/lib/uploads/ticket-closing";
import { numberColumns } from "@/lib/recordings/customer-number";
import type { Upload } from "@/lib/uploads/open-upload";
import type { Inspection } from "@/lib/uploads/ticket-inspection";
import type { FinalVerdict } from "@/lib/uploads/final-verdict";
import { assignRetention } from "@/lib/retention/retention-assignment";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import { queueWebhook, type WebhookNews } from "@/lib/notifications/queue-webhook";

type Verified = Extract<FinalVerdict, { kind: "verified" }>;

/**
 * Finalizes an upload as stored or rejected, according to the object in the store. If the object is missing and another
 * ticket is open, only this ticket is closed. `tx` holds the lock on the recording's row.
 */
export async function finalizeUpload(
  tx: Transaction,
  upload: Upload,
  inspection: Inspection,
  openTicketIds: readonly string[],
) {
  const { verdict, ticket } = inspection;
  const target = { type: "recording", id: upload.id, unitId: upload.unitId };
  if (verdict.kind === "verified") {
    await store(tx, upload, inspection, verdict);
    return {
      result: { id: upload.id, state: "stored" as const },
      audits: [auditEvent("recording.stored", { target, details: describeStored(ticket.id, verdict) })] as const,
    };
  }
  const code = verdict.kind === "wrong" ? verdict.code : "ticket_expired";
  const details = { ticketId: ticket.id, ...(upload.sizeBytes === null ? {} : { sizeBytes: upload.sizeBytes }), code };
  if (verdict.kind === "missing" && openTicketIds.some((id) => !inspection.inspectedIds.includes(id))) {
    await closeTickets(tx, upload.id, "superseded", inspection.inspectedIds);
    return refuse(new AppError(code), auditEvent("recording.upload_refused", { outcome: "failure", target, details }));
  }
  await reject(tx, upload.id, ticket.id, code);
  return refuse(new AppError(code), auditEvent("recording.rejected", { outcome: "failure", target, details }));
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

async function store(tx: Transaction, upload: Upload, { ticket }: Inspection, verdict: Verified): Promise<void> {
  const retention = await assignRetention(tx, upload);
  // The `content` ticket or the link of this PUT also ends as completed; other tickets end unused.
  const permitting = upload.tickets.filter(
    ({ kind }) => kind === "content" || (kind === "single" && ticket.kind === "received"),
  );
  const ended = { outcome: "completed" as const, ticketIds: [ticket.id, ...permitting.map(({ id }) => id)] };
  const { objectKey, sizeBytes, sha256, versionId: objectVersionId, etag: objectEtag, encryption } = verdict;
  const columns = {
    state: "stored" as const,
    objectKey,
    objectVersionId,
    objectEtag,
    sizeBytes,
    sha256,
    encryption,
    storedAt: now,
    ...retention,
  };
  const message = { recordingId: upload.id, ticketId: ticket.id, event: "recording.stored" as const, code: null };
  const waveform = { kind: "waveform" as const, key: upload.id, payload: { recordingId: upload.id } };
  await Promise.all([end(tx, ended, columns, message), enqueueJob(tx, waveform)]);
}

async function reject(tx: Transaction, recordingId: string, ticketId: string, code: ErrorCode): Promise<void> {
  // Without audio the customer's number has no retention period, so it is removed. A new ticket contains it again.
  const columns = { state: "rejected" as const, rejectionCode: code, ...numberColumns(null) };
  await end(tx, { outcome: "rejected", ticketIds: [ticketId] }, columns, {
    recordingId,
    ticketId,
    event: "recording.failed",
    code,
  });
}

type Ended = { outcome: "completed" | "rejected"; ticketIds: string[] };

/**
 * Sends the statements together; the connection runs them in this order. The webhook is last: it needs a second
 * statement, which is not sent if an earlier one failed.
 */
async function end(
  tx: Transaction,
  { outcome, ticketIds }: Ended,
  columns: PgUpdateSetSource<typeof recordings>,
  message: WebhookNews,
): Promise<void> {
  const { recordingId } = message;
  await Promise.all([
    closeTickets(tx, recordingId, outcome, ticketIds),
    closeTickets(tx, recordingId, "superseded"),
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
