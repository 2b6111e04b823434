import { typeWithoutParameters } from "@/lib/core/accepted-audio-types";
import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { uploadTickets } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { command, refuseUnrecorded } from "@/lib/operation/operation";
import { findPartsTicket, partsOfUpload } from "@/lib/uploads/parts/parts-ticket";
import { sha256Hex } from "@/lib/core/crypto/sha256-hex";
import { configuredStore } from "@/lib/storage/configured-store";
import { callStore } from "@/lib/storage/store-as-app-error";
import type { SignedUpload } from "@/lib/storage/object-facts";

const linkSeconds = 15 * 60;

/** What the sender declares about one part before it sends the part. */
export const partRequest = z.strictObject({
  partNumber: z.int().min(1).max(10_000).describe("From 1"),
  sizeBytes: z.int().min(1).describe("`partSizeBytes` of the ticket; only the last part may be smaller"),
  sha256: sha256Hex.describe("SHA-256 of the part, as hexadecimal digits"),
  ticketId: partsOfUpload.shape.ticketId.describe(
    "`upload.ticketId` of the ticket. Without it the call must have been announced with one content only",
  ),
});

export type PartRequest = z.input<typeof partRequest>;

export type SignedPart = { partNumber: number; upload: SignedUpload };

/**
 * Returns a signed PUT for one part of a large recording; a repeated request returns a new link. The first request
 * begins the multipart upload at the store. The ticket's row exists before, so that every begun upload can be swept.
 * @throws AppError as `findPartsTicket`; `size_mismatch` for a part that does not fit the ticket; `store_unavailable`.
 */
export const requestPart = command({
  permission: "recording:upload",
  input: partRequest.extend({ recordingId: z.uuid() }),
  audits: ["recording.upload_started"],
  prepare: async ({ db, actor, input: { recordingId, ticketId, ...part } }) => {
    const { upload, ticket, sizes } = await findPartsTicket(db, actor, { recordingId, ticketId });
    if (sizes[part.partNumber - 1] !== part.sizeBytes)
      throw new AppError("size_mismatch", "the part does not fit the ticket");
    const { multipart } = configuredStore();
    if (!multipart) throw new AppError("ticket_used", "the current store does not support parts");
    const { objectKey: key } = ticket;
    return callStore(async () => {
      const uploadId =
        ticket.multipartUploadId ??
        (await multipart.begin({ key, contentType: typeWithoutParameters(upload.contentType) })).uploadId;
      return {
        upload,
        ticket,
        uploadId,
        signed: await multipart.signPart({ ...part, key, uploadId, expiresInSeconds: linkSeconds }),
      };
    });
  },
  run: async ({ tx, input, prepared: { upload, ticket, uploadId, signed } }) => {
    const result: SignedPart = { partNumber: input.partNumber, upload: signed };
    if (ticket.multipartUploadId !== null) return { result, unchanged: true };
    const isFirst = and(
      eq(uploadTickets.id, ticket.id),
      isNull(uploadTickets.closedAt),
      isNull(uploadTickets.multipartUploadId),
    );
    const begun = await tx
      .update(uploadTickets)
      .set({ multipartUploadId: uploadId })
      .where(isFirst)
      .returning({ id: uploadTickets.id });
    if (begun.length === 0)
      return refuseUnrecorded(
        new AppError("store_unavailable", "another request is starting the upload", { retryAfterSeconds: 1 }),
      );
    const target = { type: "recording", id: upload.id, unitId: upload.unitId };
    return {
      result,
      audits: [
        auditEvent("recording.upload_started", {
          target,
          details: { ticketId: ticket.id, sizeBytes: upload.sizeBytes },
        }),
      ],
    };
  },
  // Concurrent requests for the first part each began a multipart upload: one is kept.
  afterRefusal: async ({ prepared: { ticket, uploadId } }) =>
    configuredStore().multipart?.abort(ticket.objectKey, uploadId),
});
