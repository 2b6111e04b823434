import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { matchesDeclaredType } from "@/lib/core/accepted-audio-types";
import type { Transaction } from "@/lib/db/client";
import { isDerivedId } from "@/lib/db/recording-ids";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { command } from "@/lib/operation/operation";
import { declaredSha256, type ContentHeaders } from "@/lib/uploads/content/content-headers";
import { findUpload, type Upload } from "@/lib/uploads/open-upload";
import { recordComparedPut, openReceivedTicket, type ReceivedTicket } from "@/lib/uploads/received-ticket";
import { configuredStore } from "@/lib/storage/configured-store";

/** The portal compares the content with the stored recording, or forwards it to a key of its own. */
export type StartedContent = { recordingId: string; sizeBytes: number } & (
  | { kind: "compare"; storedSha256: Buffer; ticketId: string; declaredSha256: string | null }
  | ({ kind: "receive"; contentType: string; declaredSha256: string | null } & ReceivedTicket)
);

const header = z.string().max(1000).nullable();

/**
 * Prepares to receive the content of a recording through the portal. Each PUT has a ticket and key of its own:
 * concurrent PUTs do not collide, and if the portal stops, the key is swept.
 * @throws AppError `not_found`; `wrong_upload_kind`, `ticket_used`, `ticket_expired`; `unsupported_media_type`,
 * `length_required`, `empty_file`, `too_large`, `invalid_input` for the headers; `already_deleted`.
 */
export const startContent = command({
  permission: "recording:upload",
  input: z.object({
    recordingId: z.uuid(),
    contentType: header,
    contentLength: header,
    contentEncoding: header,
    digest: header,
  }),
  audits: ["recording.upload_started"],
  run: async ({ tx, actor, input }) => {
    // Locked before its tickets are read, as in completeUpload.
    await tx
      .select({ id: recordings.id })
      .from(recordings)
      .where(eq(recordings.id, input.recordingId))
      .for("no key update");
    const upload = await findUpload(tx, actor, input.recordingId);
    const isOffered = (await isOfferedMore(tx, upload)) || assertOpen(upload);
    const facts = { recordingId: upload.id, sizeBytes: declaredSize(input, upload.contentType) };
    const sha256 = declaredSha256(input.digest);
    if (!isOffered) {
      const { ticketId } = await recordComparedPut(tx, { ...facts, sha256 });
      const compared = { kind: "compare" as const, storedSha256: upload.sha256!, ticketId, declaredSha256: sha256 };
      return { result: { ...facts, ...compared } as StartedContent, unchanged: true };
    }
    const ticket = await openReceivedTicket(tx, { ...facts, sha256 });
    const target = { type: "recording", id: upload.id, unitId: upload.unitId };
    const result: StartedContent = {
      ...facts,
      kind: "receive",
      ...ticket,
      contentType: upload.contentType,
      declaredSha256: sha256,
    };
    return {
      result,
      audits: [
        auditEvent("recording.upload_started", {
          target,
          details: { ticketId: ticket.ticketId, sizeBytes: facts.sizeBytes },
        }),
      ],
    };
  },
});

/**
 * The recording got its id from content that was sent through the portal: what else is sent there may be another
 * recording of the call, or the same bytes again because the answer was lost.
 */
async function isOfferedMore(tx: Transaction, upload: Upload): Promise<boolean> {
  const { id, state, sourceRecordingId, rejectionCode } = upload;
  const isEnded = state === "stored" || (state === "rejected" && rejectionCode === "already_stored");
  if (!isEnded || !isDerivedId(sourceRecordingId)) return false;
  return (
    (await tx.$count(uploadTickets, and(eq(uploadTickets.recordingId, id), eq(uploadTickets.kind, "content")))) > 0
  );
}

/**
 * True if the recording waits for content; false if it is stored, so that content is compared.
 * @throws AppError if it is neither.
 */
function assertOpen(upload: Upload): boolean {
  if (upload.state === "stored") return false;
  if (upload.state === "deleting" || upload.state === "deleted") throw new AppError("already_deleted");
  const permission = upload.tickets.find(({ kind }) => kind === "content");
  if (!permission) throw new AppError(upload.tickets.length > 0 ? "wrong_upload_kind" : "ticket_used");
  if (permission.isExpired) throw new AppError("ticket_expired");
  return true;
}

/** Checks the headers and returns the declared size. Without a content type the announced type applies. */
function declaredSize(headers: ContentHeaders, contentType: string): number {
  if (headers.contentType !== null && !matchesDeclaredType(headers.contentType, { contentType }))
    throw new AppError("unsupported_media_type", "not the declared type");
  if (headers.contentEncoding !== null) throw new AppError("unsupported_media_type", "the body must not be encoded");
  if (headers.contentLength === null || !/^\d{1,15}$/.test(headers.contentLength))
    throw new AppError("length_required");
  const sizeBytes = Number(headers.contentLength);
  if (sizeBytes === 0) throw new AppError("empty_file");
  if (sizeBytes > Math.min(largestContentBytes, configuredStore().capabilities.maxUploadBytes))
    throw new AppError("too_large");
  return sizeBytes;
}

/** The most that a 35 Mbit/s connection sends in the 20 minutes of one request. */
const largestContentBytes = 5 * 1024 ** 3;
