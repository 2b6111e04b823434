import { and, eq, gte } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { uploadTickets } from "@/lib/db/schema";
import { command } from "@/lib/operation/operation";
import { lockLink } from "@/lib/uploads/links/locked-link";
import { openReceivedTicket, type ReceivedTicket } from "@/lib/uploads/received-ticket";
import { sha256Hex } from "@/lib/core/crypto/sha256-hex";

/**
 * PUTs allowed per link: enough for retries on a bad connection, few enough that a leaked link does not fill the store.
 */
const mostPuts = 16;

/** `already_exists`: another PUT used the link. `expired`: a newer ticket replaced it, or it was tried too often. */
export type StartedPut =
  | ({ kind: "receive" } & ReceivedTicket)
  | { kind: "refused"; code: "already_exists" | "expired" };

/**
 * Prepares to receive one PUT on a link that the portal serves, with a ticket and key of its own. The verified link is
 * the only authorisation. If the portal stops midway, the link stays open for the next PUT.
 */
export const startLinkedPut = command({
  permission: "upload:send-by-link",
  input: z.object({ linkKey: z.string().max(300), sizeBytes: z.int().min(0), sha256: sha256Hex }),
  audits: ["recording.upload_started"],
  run: async ({ tx, input: { linkKey, sizeBytes, sha256 } }) => {
    const refused = (code: "already_exists" | "expired") => ({
      result: { kind: "refused", code } as StartedPut,
      unchanged: true as const,
    });
    const link = await lockLink(tx, linkKey);
    if (!link?.isOpen) return refused(link?.outcome === "completed" ? "already_exists" : "expired");
    const { recordingId, unitId } = link;
    const { recordingId: of, kind, createdAt } = uploadTickets;
    const begun = await tx.$count(
      uploadTickets,
      and(eq(of, recordingId), eq(kind, "received"), gte(createdAt, link.createdAt)),
    );
    if (begun >= mostPuts) return refused("expired");
    const ticket = await openReceivedTicket(tx, { recordingId, sizeBytes, sha256 });
    const target = { type: "recording", id: recordingId, unitId };
    const result: StartedPut = { kind: "receive", ...ticket };
    return {
      result,
      audits: [auditEvent("recording.upload_started", { target, details: { ticketId: ticket.ticketId, sizeBytes } })],
    };
  },
});
