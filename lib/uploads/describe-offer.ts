import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { partSizes } from "@/lib/uploads/part-sizes";
import type { PreparedTicket } from "@/lib/uploads/prepare-ticket";
import type { SignedUpload } from "@/lib/storage/object-store";

/** What a ticket says to its holder. */
export type UploadOffer = { ticketId: string } & (
  | ({ kind: "single" } & SignedUpload)
  | ({ kind: "content" } & SignedUpload)
  | { kind: "multipart"; partSizeBytes: number; partCount: number; expiresAt: Date }
);

type Ticket = Pick<PreparedTicket, "id" | "kind" | "expiresAt" | "partSizeBytes" | "signed">;

/** How the bytes of this recording are to be sent. The address of the portal itself is no secret: it asks for the API key. */
export function describeOffer(
  ticket: Ticket,
  recording: { id: string; contentType: string; sizeBytes: number | null },
): UploadOffer {
  const { id: ticketId, kind, expiresAt, partSizeBytes, signed } = ticket;
  if (kind === "content") {
    const url = new URL(`/api/recordings/${recording.id}/content`, env().NEXTAUTH_URL).href;
    return { ticketId, kind, method: "PUT", url, headers: { "content-type": recording.contentType }, expiresAt };
  }
  if (kind === "multipart")
    return {
      ticketId,
      kind,
      partSizeBytes: partSizeBytes!,
      partCount: partSizes(recording.sizeBytes!, partSizeBytes!).length,
      expiresAt,
    };
  if (!signed) throw new AppError("ticket_used", "a signed link is returned only once");
  return { ticketId, kind, ...signed };
}
