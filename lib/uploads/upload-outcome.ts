import { auditEvent } from "@/lib/operation/audit-event";
import type { Transaction } from "@/lib/db/client";
import { updateRows } from "@/lib/db/json-rows";
import { recordings } from "@/lib/db/schema";
import { transactionNow as now } from "@/lib/db/schema/columns";
import { AppError, type ErrorCode } from "@/lib/core/errors";
import { refuse, type Outcome } from "@/lib/operation/operation";
import { closeTickets } from "@/lib/uploads/ticket-closing";
import type { UploadEnd } from "@/lib/uploads/upload-end";
import { numberColumns } from "@/lib/recordings/customer-number";
import { noReferences } from "@/lib/recordings/references/call-references";
import { handlingColumns } from "@/lib/recordings/handling/call-handling";
import { markQuarantined } from "@/lib/recordings/quarantine/quarantine-mark";
import { doubtOnArrival, type DateDoubt } from "@/lib/recordings/doubtful-date";
import type { CallRecording } from "@/lib/uploads/call-recordings";
import { idsOfContent, putsUnderWay, recordingOfContent, type LockedUpload } from "@/lib/uploads/recording-of-content";
import type { Inspection } from "@/lib/uploads/completion/ticket-inspection";
import type { FinalVerdict } from "@/lib/uploads/final-verdict";
import type { retentionOf } from "@/lib/retention/retention-assignment";
import { queueWebhooks } from "@/lib/notifications/queue-webhook";

/** A recording in custody. */
export type Stored = { id: string; state: "stored" };

export type CompletionOutcome = Outcome<
  Stored,
  "recording.stored" | "recording.held" | "recording.rejected" | "recording.upload_refused" | "recording.quarantined"
>;

/** How a completion ends, and what `endUploads` has to write for it. */
export type Finalized = { outcome: CompletionOutcome; end?: UploadEnd };

type Verified = Extract<FinalVerdict, { kind: "verified" }>;

/**
 * Finalizes an upload as stored or rejected, according to the object in the store. Only this ticket is closed if the
 * object is missing and another ticket is open, or if other content of the call is stored or under way. `tx` holds the
 * locks on the recordings of the call.
 */
export async function finalizeUpload(
  tx: Transaction,
  upload: LockedUpload,
  inspection: Inspection,
  retention: () => ReturnType<typeof retentionOf>,
): Promise<Finalized> {
  const { verdict, ticket } = inspection;
  const { recording, openTickets } = upload;
  if (verdict.kind === "verified" && !upload.isDeleted)
    return store(tx, upload, { inspection, verdict, dates: await retention() });
  const { code, form }: { code: ErrorCode; form: string | null } =
    verdict.kind === "wrong"
      ? verdict
      : { code: verdict.kind === "verified" ? "already_deleted" : "ticket_expired", form: null };
  const target = { type: "recording", id: recording.id, unitId: recording.unitId };
  const { sizeBytes } = recording;
  const details = { ticketId: ticket.id, ...(sizeBytes === null ? {} : { sizeBytes }), code };
  const hasOthers = verdict.kind === "missing" && openTickets.some(({ id }) => !inspection.inspectedIds.includes(id));
  if (hasOthers || recording.state !== "pending" || putsUnderWay(upload, ticket.id).length > 0) {
    const ended = verdict.kind === "missing" ? inspection.inspectedIds : [ticket.id];
    await closeTickets(tx, recording.id, "superseded", ended);
    const refused = auditEvent("recording.upload_refused", { outcome: "failure", target, details });
    return { outcome: refuse(refusalOfForm(code, form), refused) };
  }
  const rejected = auditEvent("recording.rejected", { outcome: "failure", target, details });
  const end = rejection(recording.id, ticket.id, { code, form });
  return { outcome: refuse(refusalOfForm(code, form), rejected), end };
}

/** The answer to content that is rejected, with what it is instead. */
export function refusalOfForm(code: ErrorCode, form: string | null, detail?: string): AppError {
  return new AppError(code, detail, form === null ? {} : { fields: [{ path: "content", reason: form }] });
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
  const isMarked = recording.quarantine === "quarantined" && stored.quarantine === null;
  const marks = isMarked ? ([await markQuarantined(tx, stored)] as const) : ([] as const);
  if (recording.state !== "pending" || ticketId === null || putsUnderWay(upload, ticketId).length > 0) {
    const [marked] = marks;
    return marked ? { result, audits: [marked] as const } : { result, unchanged: true as const };
  }
  const [ended] = await Promise.all([
    endAsKnown(tx, recording, ticketId),
    queueWebhooks(tx, [{ recordingId: stored.id, ticketId, event: "recording.stored", code: null }]),
  ]);
  return { result, audits: [ended, ...marks] as const };
}

const withoutCustomer = { ...numberColumns(null), ...noReferences, ...handlingColumns({}) };

/** Ends a recording whose content became, or is, another one of its call. Its sender was answered `stored`. */
async function endAsKnown(tx: Transaction, { id, unitId }: CallRecording, ticketId: string) {
  const code = "already_stored";
  await closeTickets(tx, id, "superseded");
  await updateRows(tx, recordings, [
    { id, state: "rejected", rejectionCode: code, rejectionForm: null, ...withoutCustomer },
  ]);
  return auditEvent("recording.rejected", {
    outcome: "failure",
    target: { type: "recording", id, unitId },
    details: { ticketId, code },
  });
}

function describeStored(
  ticketId: string,
  { sizeBytes, sha256, encryption }: Verified,
  { dateDoubt, quarantine }: { dateDoubt: DateDoubt | null; quarantine: CallRecording["quarantine"] },
) {
  const { algorithm, keyId } = encryption ?? { algorithm: "unverifiable", keyId: null };
  return {
    ticketId,
    sizeBytes,
    sha256: sha256.toString("hex"),
    encryption: algorithm,
    ...(keyId === null ? {} : { keyId }),
    ...(dateDoubt === null ? {} : { dateDoubt }),
    ...(quarantine === null ? {} : { possibleCardData: true }),
  };
}

async function store(
  tx: Transaction,
  upload: LockedUpload,
  checked: { inspection: Inspection; verdict: Verified; dates: Awaited<ReturnType<typeof retentionOf>> },
): Promise<Finalized> {
  const { inspection, verdict, dates } = checked;
  const { ticket } = inspection;
  const { objectKey, sizeBytes, sha256, versionId: objectVersionId, etag: objectEtag, encryption } = verdict;
  const { contentType, codec } = verdict;
  const recording = await recordingOfContent(tx, upload, sha256, ticket.id);
  const isOwn = recording.id === upload.recording.id;
  // What was said of the recording that the content was sent for; a release was about other content.
  const quarantine = recording.quarantine ?? (upload.recording.quarantine && ("quarantined" as const));
  const retention = dates(recording);
  const dateDoubt = doubtOnArrival(recording, retention.retainUntil, upload.now);
  // The `content` ticket or the link of this PUT also ends as completed; other tickets end unused.
  const permitting = upload.openTickets.filter(
    ({ kind }) => isOwn && (kind === "content" || (kind === "single" && ticket.kind === "received")),
  );
  const end: UploadEnd = {
    outcome: "completed",
    ticketIds: [ticket.id, ...permitting.map(({ id }) => id)],
    left: isOwn ? putsUnderWay(upload, ticket.id).map(({ id }) => id) : [],
    columns: {
      id: recording.id,
      state: "stored",
      sourceRecordingId: idsOfContent(recording, sha256).sourceRecordingId,
      contentType,
      objectKey,
      objectVersionId,
      objectEtag,
      sizeBytes,
      sha256,
      encryption,
      codec,
      channels: verdict.channels,
      isEmpty: verdict.isEmpty,
      storedAt: now,
      rejectionCode: null,
      rejectionForm: null,
      ...retention,
      dateDoubt,
      quarantine,
    },
    message: { recordingId: recording.id, ticketId: ticket.id, event: "recording.stored", code: null },
    stored: { id: recording.id, objectKey, contentType, codec, isJoined: false },
  };
  const target = { type: "recording", id: recording.id, unitId: recording.unitId };
  const stored = auditEvent("recording.stored", {
    target,
    details: describeStored(ticket.id, verdict, { dateDoubt, quarantine }),
  });
  const isSpare = !isOwn && upload.recording.state === "pending" && putsUnderWay(upload, ticket.id).length === 0;
  const audits = isSpare ? ([stored, await endAsKnown(tx, upload.recording, ticket.id)] as const) : ([stored] as const);
  return { outcome: { result: { id: recording.id, state: "stored" }, audits }, end };
}

function rejection(
  recordingId: string,
  ticketId: string,
  { code, form }: { code: ErrorCode; form: string | null },
): UploadEnd {
  return {
    outcome: "rejected",
    ticketIds: [ticketId],
    left: [],
    // Without audio what names the customer has no retention period, so it is removed. A new ticket contains it again.
    columns: { id: recordingId, state: "rejected", rejectionCode: code, rejectionForm: form, ...withoutCustomer },
    message: { recordingId, ticketId, event: "recording.failed", code },
  };
}
