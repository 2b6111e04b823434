import type { OpenTicket, Upload } from "@/lib/uploads/open-upload";
import { verifyFinalObject, type FinalVerdict } from "@/lib/uploads/final-verdict";
import type { MultipartPart, ObjectStore } from "@/lib/storage/object-store";
import { partSizes } from "@/lib/uploads/parts/part-sizes";
import { callStore } from "@/lib/storage/store-as-app-error";
import { StoreError, type StoreErrorCode } from "@/lib/storage/store-error";

/** Another completion joined the parts first, or the store aborted the upload: the next check of the key decides. */
const joinedByAnother: ReadonlySet<StoreErrorCode> = new Set(["not_found", "already_exists", "precondition_failed"]);

/** The ticket that decides the outcome, and the verdict on the object under its key. */
export type Inspection = { ticket: OpenTicket; verdict: FinalVerdict; inspectedIds: string[] };

/**
 * Checks the objects under the keys of these tickets. The first ticket with an object decides. If none has one, the
 * verdict `missing` is for the named ticket alone, or, if none is named, for all of them.
 * @param etag the store's answer to the PUT on a signed link, as reported by the sender.
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
      verifyFinalObject(store, {
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
 * A `content` ticket never has an object under its own key. Content sent through the portal is complete only after its
 * hash is on the ticket: without a hash the object is not accepted, and the sender, who got no answer, sends again.
 */
function mayHoldObject({ kind, sha256 }: OpenTicket): boolean {
  return kind !== "content" && (kind !== "received" || sha256 !== null);
}

/**
 * Joins the parts of a ticket into one object, when all are there. Safe to repeat, also concurrently.
 * @returns whether the object may exist now.
 * @throws AppError `store_unavailable`.
 */
async function joinParts(store: ObjectStore, ticket: OpenTicket, sizeBytes: number | null): Promise<boolean> {
  const { kind, objectKey: key, multipartUploadId: uploadId, partSizeBytes } = ticket;
  const { multipart } = store;
  if (kind !== "multipart" || !multipart || !uploadId || !partSizeBytes || !sizeBytes) return false;
  try {
    return await callStore(async () => {
      const parts = await multipart.listParts(key, uploadId);
      if (!isWhole(parts, partSizes(sizeBytes, partSizeBytes))) return false;
      // Before `complete`: if this process stops here, a later completion repeats it, because no object exists yet.
      await multipart.abortOthers(key, uploadId);
      await multipart.complete({
        key,
        uploadId,
        parts: parts.map(({ partNumber, etag }) => ({ partNumber, etag })),
        ifNoneMatch: "*",
      });
      return true;
    });
  } catch (error) {
    if (error instanceof StoreError && joinedByAnother.has(error.code)) return true;
    throw error;
  }
}

function isWhole(parts: readonly MultipartPart[], sizes: readonly number[]): boolean {
  const sizeOf = new Map(parts.map(({ partNumber, sizeBytes }) => [partNumber, sizeBytes]));
  return parts.length === sizes.length && sizes.every((size, index) => sizeOf.get(index + 1) === size);
}
