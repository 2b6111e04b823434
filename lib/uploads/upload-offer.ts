import { z } from "zod";
import { typeWithoutParameters } from "@/lib/core/accepted-audio-types";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { partSizes } from "@/lib/uploads/parts/part-sizes";
import type { PreparedTicket } from "@/lib/uploads/prepared-ticket";

const ticketId = z.uuid().describe("Id of this upload: send it with the completion and with each request for a part");

/** A signed address for a PUT. Whether a second PUT is refused depends on the store (docs/uploading.md). */
export const signedPut = z.object({
  method: z.literal("PUT"),
  url: z
    .url()
    .describe(
      "Use it unchanged, until it expires. It writes under one key. Whether a second PUT is refused depends on the " +
        "store; a completed recording never changes",
    ),
  headers: z.record(z.string(), z.string()).describe("Send exactly these headers, and Content-Length"),
  expiresAt: z.iso.datetime(),
});

const single = signedPut
  .extend({ kind: z.literal("single"), ticketId })
  .meta({ description: "One PUT of the whole file to the address, then completion" });

const content = z
  .object({
    kind: z.literal("content"),
    ticketId,
    method: z.literal("PUT"),
    url: z.url().describe("Address of the portal: send the API key"),
    headers: z.record(z.string(), z.string()),
    expiresAt: z.iso.datetime(),
  })
  .meta({ description: "One PUT of the whole file through the portal; no completion needed" });

const multipart = z
  .object({
    kind: z.literal("multipart"),
    ticketId,
    partSizeBytes: z.int().describe("Size of every part except the last"),
    partCount: z.int(),
    expiresAt: z.iso.datetime().describe("Until then, parts can be requested, sent and listed"),
  })
  .meta({ description: "One signed PUT for each part, then completion" });

/** How to send the bytes; the portal, its API description and the upload client share this schema. */
export const uploadOffer = z.discriminatedUnion("kind", [single, multipart, content]);

export type UploadOffer = z.output<typeof uploadOffer>;

type Ticket = Pick<PreparedTicket, "id" | "kind" | "expiresAt" | "partSizeBytes" | "signed">;

/** Describes how to send the bytes of a recording. An address of the portal has no signature: it needs the API key. */
export function describeOffer(
  ticket: Ticket,
  recording: { id: string; contentType: string; sizeBytes: number | null },
): UploadOffer {
  const { id: ticketId, kind, partSizeBytes, signed } = ticket;
  const expiresAt = ticket.expiresAt.toISOString();
  if (kind === "content") {
    const url = new URL(`/api/recordings/${recording.id}/content`, env().NEXTAUTH_URL).href;
    return {
      ticketId,
      kind,
      method: "PUT",
      url,
      headers: { "content-type": typeWithoutParameters(recording.contentType) },
      expiresAt,
    };
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
  return { ticketId, kind, ...signed, expiresAt: signed.expiresAt.toISOString() };
}
