import { z } from "zod";
import type { Actor } from "@/lib/operation/actor";
import type { ReadDatabase } from "@/lib/db/client";
import { AppError } from "@/lib/core/errors";
import { unwrap } from "@/lib/operation/settled";
import { findClaimedContents, ticketsOfClaim } from "@/lib/uploads/claimed-content";
import { findUpload } from "@/lib/uploads/open-upload";
import { partSizes } from "@/lib/uploads/parts/part-sizes";

/**
 * The recording, and `upload.ticketId` of the ticket. Without a ticket id it selects the only announced content of the
 * call.
 */
export const partsOfUpload = z.object({ recordingId: z.uuid(), ticketId: z.uuid().nullish() });

/**
 * Finds the actor's own multipart upload, while parts may still be sent, and the size of each part.
 * @throws AppError `not_found`; `already_stored`, `already_deleted`; `upload_conflict` when a ticket for other content
 * replaced it, `upload_ambiguous`; `ticket_used` when there is no open ticket, `wrong_upload_kind` when it is of
 * another kind, `ticket_expired`.
 */
export async function findPartsTicket(
  db: ReadDatabase,
  actor: Actor,
  { recordingId, ticketId }: z.output<typeof partsOfUpload>,
) {
  const upload = await findUpload(db, actor, recordingId);
  if (upload.state === "deleting" || upload.state === "deleted") throw new AppError("already_deleted");
  const claim = unwrap(await findClaimedContents(db, [{ recordingId, ticketId }]));
  if (!claim.ticket && claim.isAmbiguous) throw new AppError("upload_ambiguous");
  const ticket = ticketsOfClaim(upload, claim).find(({ kind }) => kind === "multipart");
  const isOther = claim.sha256 !== null && upload.sha256?.equals(claim.sha256) !== true;
  if (!ticket && isOther && upload.state !== "rejected") throw new AppError("upload_conflict");
  if (upload.state === "stored") throw new AppError("already_stored");
  if (!ticket) throw new AppError(upload.tickets.length > 0 ? "wrong_upload_kind" : "ticket_used");
  if (ticket.isExpired) throw new AppError("ticket_expired");
  return { upload, ticket, sizes: partSizes(upload.sizeBytes!, ticket.partSizeBytes!) };
}
