import type { OpenTicket, Upload } from "@/lib/recordings/find-upload";
import { joinParts } from "@/lib/recordings/join-parts";
import { verifyInCustody, type CustodyVerdict } from "@/lib/recordings/verify-in-custody";
import type { ObjectStore } from "@/lib/storage/object-store";

/** What was counted and hashed while the portal itself sent the bytes on. */
export type ReceivedBytes = { sizeBytes: number; sha256: Buffer };

/** Which ticket decides, and what lies under its key. */
export type Inspection = { ticket: OpenTicket; verdict: CustodyVerdict; inspectedIds: string[] };

/**
 * Looks at what the store holds under the keys of these tickets: the first with an object decides. Where nothing was sent, the ticket
 * that lives longest speaks for the others.
 * @returns null without tickets.
 */
export async function inspectTickets(store: ObjectStore, upload: Upload, tickets: readonly OpenTicket[], received: ReceivedBytes | null): Promise<Inspection | null> {
  const inspectedIds = tickets.map(({ id }) => id);
  for (const ticket of tickets) {
    // Leave to send: nothing is ever written under its own key.
    if (ticket.kind === "content") continue;
    const { sizeBytes, sha256 } = received ?? upload;
    const verify = () => verifyInCustody(store, { ...ticket, contentType: upload.contentType, sizeBytes, sha256 });
    const first = await verify();
    const verdict = first.kind === "missing" && (await joinParts(store, ticket, upload.sizeBytes)) ? await verify() : first;
    if (verdict.kind !== "missing") return { ticket, verdict, inspectedIds };
  }
  const ticket = tickets.find(({ isExpired }) => !isExpired) ?? tickets[0];
  return ticket ? { ticket, verdict: { kind: "missing", objectKey: ticket.objectKey }, inspectedIds } : null;
}
