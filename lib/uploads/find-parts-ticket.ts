import { z } from "zod";
import type { Actor } from "@/lib/operation/actor";
import type { ReadDatabase } from "@/lib/db/client";
import { AppError } from "@/lib/core/errors";
import { findClaimedContent, ticketsOfClaim } from "@/lib/uploads/claimed-content";
import { findUpload } from "@/lib/uploads/find-upload";
import { partSizes } from "@/lib/uploads/part-sizes";

/** The recording, and `upload.ticketId` of the ticket; a sender that names none means the only content that was announced. */
export const partsOfUpload = z.object({ recordingId: z.uuid(), ticketId: z.uuid().nullish() });

/**
 * The actor's own upload in parts, while parts may still be sent, with the size of each.
 * @throws AppError `not_found`; `already_stored`, `already_deleted`; `upload_conflict` when another ticket for other content took its
 * place, `upload_ambiguous`; `ticket_used` when there is no ticket, `wrong_upload_kind` when there is another kind of one,
 * `ticket_expired`.
 */
export async function findPartsTicket(
  db: ReadDatabase,
  actor: Actor,
  { recordingId, ticketId }: z.output<typeof partsOfUpload>,
) {
  const upload = await findUpload(db, actor, recordingId);
  if (upload.state === "deleting" || upload.state === "deleted") throw new AppError("already_deleted");
  const claim = await findClaimedContent(db, recordingId, ticketId);
  if (!claim.ticket && claim.isAmbiguous) throw new AppError("upload_ambiguous");
  const ticket = ticketsOfClaim(upload, claim).find(({ kind }) => kind === "multipart");
  const isOther = claim.sha256 !== null && upload.sha256?.equals(claim.sha256) !== true;
  if (!ticket && isOther && upload.state !== "rejected") throw new AppError("upload_conflict");
  if (upload.state === "stored") throw new AppError("already_stored");
  if (!ticket) throw new AppError(upload.tickets.length > 0 ? "wrong_upload_kind" : "ticket_used");
  if (ticket.isExpired) throw new AppError("ticket_expired");
  return { upload, ticket, sizes: partSizes(upload.sizeBytes!, ticket.partSizeBytes!) };
}
