import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";
import type { Transaction } from "@/lib/db/client";
import { insertRows } from "@/lib/db/json-rows";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { continueAccepted, settle, type Settled } from "@/lib/operation/settled";
import { storedIds } from "@/lib/recordings/numbers/source-ids";
import { describeOffer, type UploadOffer } from "@/lib/uploads/upload-offer";
import { announcedBy, type Announced } from "@/lib/uploads/tickets/announced-call";
import { findCallParties } from "@/lib/uploads/tickets/call-parties";
import type { PreparedRequest } from "@/lib/uploads/tickets/prepared-request";
import type { PreparedTicket } from "@/lib/uploads/prepared-ticket";
import { areSuppressed } from "@/lib/deletion/suppressed-calls";
import { isDerivedId } from "@/lib/db/recording-ids";
import {
  isDeletingWith,
  lockCalls,
  lockRecordings,
  replaceNumbersInIds,
  storedWith,
  type CallRecording,
} from "@/lib/uploads/call-recordings";
import { reissuedTicket, ticketRow, type OfferedTicket } from "@/lib/uploads/tickets/reissued-ticket";
import { callKey, inRounds } from "@/lib/uploads/rounds";
import type { Actor } from "@/lib/operation/actor";
import { newId } from "@/lib/core/new-id";
import { markQuarantined } from "@/lib/recordings/quarantine/quarantine-mark";
import { uploaderColumns } from "@/lib/recordings/uploader";

export type UploadTicket = { id: string; state: "pending" | "stored"; created: boolean; upload: UploadOffer | null };

type RequestEvent = AuditEventInput<
  "recording.upload_requested" | "recording.upload_reissued" | "recording.quarantined"
>;

/** The answer to one request, and its events; none if it changed nothing. */
export type Issued = { ticket: UploadTicket; audits: readonly RequestEvent[] };

/**
 * Issues a ticket for each recording: a signed upload, an upload in parts, or permission to send through the portal. A
 * repeated request returns a new ticket for the same recording, the same ticket if it can be resumed, or none if the
 * announced content is already stored. Without a SHA-256 the answer is never `stored`: the bytes are compared when they
 * arrive. Refused items write nothing: `unknown_unit`; `already_deleted`; `conflict` when the call belongs to another
 * uploader; for a recording id of the sender's own: `already_stored` when it was stored with other content,
 * `upload_conflict` when this content was being uploaded at the same time.
 */
export async function issueTickets(
  tx: Transaction,
  actor: Actor,
  requests: readonly PreparedRequest[],
): Promise<Settled<Issued>[]> {
  // Sent together; the connection runs them in this order.
  const [, parties] = await Promise.all([
    lockCalls(
      tx,
      requests.map(({ input }) => input),
    ),
    findCallParties(
      tx,
      actor,
      requests.map(({ input }) => input),
    ),
  ]);
  const described = requests.map((request, index): Settled<Announced> => {
    const found = parties[index]!;
    if ("refusal" in found) return found;
    return { value: announcedBy(request, found.value) };
  });
  return continueAccepted(described, (announced) =>
    inRounds(
      announced,
      ({ columns }) => columns,
      (round) => issueRound(tx, actor, round),
    ),
  );
}

/** Issues the tickets of recordings of different calls. What is new is inserted together. */
async function issueRound(tx: Transaction, actor: Actor, round: readonly Announced[]): Promise<Settled<Issued>[]> {
  const uploader = uploaderColumns(actor);
  const calls = round.map(({ given }) => given);
  // Sent together; the connection runs them in this order.
  const [rows, suppressed] = await Promise.all([lockRecordings(tx, calls), areSuppressed(tx, calls)]);
  const rowsOf = Map.groupBy(rows, callKey);
  const settled: Settled<Issued>[] = [];
  const created: { columns: typeof recordings.$inferInsert; ticket: PreparedTicket }[] = [];
  for (const [index, announced] of round.entries()) {
    const { request, columns } = announced;
    const ofCall = rowsOf.get(callKey(columns)) ?? [];
    settled[index] = await settle(async () => {
      const stored = ofCall.map((row) => storedIds(row));
      const found = findRecording(stored, columns, { uploader, isDeleted: suppressed[index]! });
      if (found) {
        const reissued = await reissue(tx, found, announced);
        await replaceNumbersInIds(tx, ofCall);
        return reissued;
      }
      await replaceNumbersInIds(tx, ofCall);
      const id = newId();
      created.push({ columns: { id, ...uploader, ...columns }, ticket: request.ticket });
      return describeIssued({ id, created: true }, request.ticket, announced);
    });
  }
  if (created.length > 0)
    await Promise.all([
      insertRows(
        tx,
        recordings,
        created.map(({ columns }) => columns),
      ),
      insertRows(
        tx,
        uploadTickets,
        created.map(({ columns: { id }, ticket }) => ticketRow(id, ticket)),
      ),
    ]);
  return settled;
}

function describeIssued(
  recording: { id: string; created: boolean },
  ticket: OfferedTicket,
  { request: { input, contentType }, columns }: Announced,
): Issued {
  const action = recording.created ? "recording.upload_requested" : "recording.upload_reissued";
  const target = { type: "recording", id: recording.id, unitId: columns.unitId };
  const facts = { ticketId: ticket.id, kind: ticket.kind, contentType };
  const details = input.sizeBytes ? { ...facts, sizeBytes: input.sizeBytes } : facts;
  const upload = describeOffer(ticket, { ...columns, id: recording.id });
  return { ticket: { ...recording, state: "pending", upload }, audits: [auditEvent(action, { target, details })] };
}

/** Answers a request for a recording that is known: with its state, or with a ticket. */
async function reissue(tx: Transaction, recording: CallRecording, announced: Announced): Promise<Issued> {
  const { id } = recording;
  const ticket = await reissuedTicket(tx, recording, announced.columns, announced.request);
  // A sender may learn of possible card data after the upload. A release by a person stands.
  const isMarked = announced.columns.quarantine === "quarantined" && recording.state === "stored";
  const marks = isMarked && recording.quarantine === null ? [await markQuarantined(tx, recording)] : [];
  if (!ticket) return { ticket: { id, state: "stored", created: false, upload: null }, audits: marks };
  const issued = describeIssued({ id, created: false }, ticket, announced);
  return { ...issued, audits: [...issued.audits, ...marks] };
}

/**
 * The recording that a request means. Content that is stored under another id of the call is found too, unless the
 * sender gives an id of its own. Null: it is new.
 * @throws AppError `conflict` when the call belongs to another uploader; `already_deleted`.
 */
function findRecording(
  ofCall: readonly CallRecording[],
  { sourceRecordingId, sha256 }: Announced["columns"],
  { uploader, isDeleted }: { uploader: ReturnType<typeof uploaderColumns>; isDeleted: boolean },
): CallRecording | null {
  const isOwn = (row: CallRecording) =>
    row.uploadedByType === uploader.uploadedByType && row.uploadedById === uploader.uploadedById;
  if (!ofCall.every(isOwn)) throw new AppError("conflict", "the call belongs to another uploader");
  const named = ofCall.find((row) => row.sourceRecordingId === sourceRecordingId);
  const found = named ?? (isDerivedId(sourceRecordingId) ? storedWith(ofCall, sha256) : undefined);
  if (found?.state === "stored") return found;
  if (found?.state === "deleting" || isDeletingWith(ofCall, sha256))
    throw new AppError("already_deleted", "this recording is being deleted");
  if (isDeleted) throw new AppError("already_deleted", "this recording was deleted");
  return found ?? null;
}
