import type { OpenTicket, Upload } from "@/lib/uploads/find-upload";
import { joinParts } from "@/lib/uploads/join-parts";
import { verifyInCustody, type CustodyVerdict } from "@/lib/uploads/verify-in-custody";
import type { ObjectStore } from "@/lib/storage/object-store";

/** Which ticket decides, and what lies under its key. */
export type Inspection = { ticket: OpenTicket; verdict: CustodyVerdict; inspectedIds: string[] };

/**
 * Looks at what the store holds under the keys of these tickets: the first with an object decides. Where nothing was sent, the verdict
 * is about the ticket that was named, and about it alone; else about the one that lives longest, for all.
 * @param etag what the store answered the PUT by a signed link with, as the sender says.
 * @param namedId the ticket that the completion names.
 * @returns null without tickets.
 */
export async function inspectTickets(
  store: ObjectStore,
  upload: Upload,
  tickets: readonly OpenTicket[],
  { etag, namedId }: { etag: string | null; namedId: string | null },
): Promise<Inspection | null> {
  const inspectedIds = tickets.map(({ id }) => id);
  for (const ticket of tickets) {
    if (!mayHoldObject(ticket)) continue;
    const { sizeBytes, sha256 } = ticket;
    const verify = () =>
      verifyInCustody(store, {
        ...ticket,
        contentType: upload.contentType,
        sizeBytes,
        sha256,
        etag: ticket.kind === "single" ? etag : null,
      });
    const first = await verify();
    const verdict =
      first.kind === "missing" && (await joinParts(store, ticket, upload.sizeBytes)) ? await verify() : first;
    if (verdict.kind !== "missing") return { ticket, verdict, inspectedIds };
  }
  const named = tickets.find(({ id }) => id === namedId);
  const ticket = named ?? tickets.find(({ isExpired }) => !isExpired) ?? tickets[0];
  if (!ticket) return null;
  const verdict = { kind: "missing" as const, objectKey: ticket.objectKey };
  return { ticket, verdict, inspectedIds: named ? [named.id] : inspectedIds };
}

/**
 * Nothing is ever written under the key of a leave to send. Bytes that come through the portal are whole in the store only after their
 * hash is on the ticket: without one there is nothing to compare with, so nothing is taken, and the sender, who was told nothing, sends again.
 */
function mayHoldObject({ kind, sha256 }: OpenTicket): boolean {
  return kind !== "content" && (kind !== "received" || sha256 !== null);
}
