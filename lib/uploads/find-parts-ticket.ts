import type { Actor } from "@/lib/operation/actor";
import type { ReadDatabase } from "@/lib/db/client";
import { AppError } from "@/lib/core/errors";
import { findUpload } from "@/lib/uploads/find-upload";
import { partSizes } from "@/lib/uploads/part-sizes";

/**
 * The actor's own upload in parts, while parts may still be sent, with the size of each.
 * @throws AppError `not_found`; `already_stored`, `already_deleted`; `ticket_used` when there is no ticket, `wrong_upload_kind` when
 * there is another kind of one, `ticket_expired`.
 */
export async function findPartsTicket(db: ReadDatabase, actor: Actor, recordingId: string) {
  const upload = await findUpload(db, actor, recordingId);
  if (upload.state === "stored") throw new AppError("already_stored");
  if (upload.state === "deleting" || upload.state === "deleted") throw new AppError("already_deleted");
  const ticket = upload.tickets.find(({ kind }) => kind === "multipart");
  if (!ticket) throw new AppError(upload.tickets.length > 0 ? "wrong_upload_kind" : "ticket_used");
  if (ticket.isExpired) throw new AppError("ticket_expired");
  return { upload, ticket, sizes: partSizes(upload.sizeBytes!, ticket.partSizeBytes!) };
}
