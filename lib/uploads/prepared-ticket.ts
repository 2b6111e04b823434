import { randomUUID } from "node:crypto";
import { newId } from "@/lib/core/new-id";
import type { UploadPlan } from "@/lib/uploads/upload-plan";
import { linkExpiry } from "@/lib/storage/link-expiry";
import { isLinkedStore } from "@/lib/storage/links/linked-store";
import type { SignedUpload } from "@/lib/storage/object-facts";
import type { ObjectStore } from "@/lib/storage/object-store";
import { callStore } from "@/lib/storage/store-as-app-error";

/** Life of a link: enough to send an hour of audio over a slow line, short enough to limit a leaked link. */
const signedSeconds = 15 * 60;

/** Life of a ticket without links: each of its requests needs the API key. */
const daySeconds = 24 * 60 * 60;

/** A ticket before its row is inserted. */
export type PreparedTicket = {
  id: string;
  kind: UploadPlan["kind"];
  objectKey: string;
  promotedKey: string | null;
  partSizeBytes: number | null;
  /** The announced content. Null for `content`. */
  sizeBytes: number | null;
  sha256: Buffer | null;
  expiresAt: Date;
  /** Only for a single PUT; null for the other kinds. */
  signed: SignedUpload | null;
};

/**
 * Prepares a ticket with a new key, made from the ticket's id: it contains no name or number, and no older link can
 * write to it.
 * @throws AppError `store_unavailable`.
 */
export async function prepareTicket(
  store: ObjectStore,
  plan: UploadPlan,
  contentType: string,
): Promise<PreparedTicket> {
  const id = newId();
  const objectKey = `recordings/${id}`;
  const partSizeBytes = plan.kind === "multipart" ? plan.partSizeBytes : null;
  const signed =
    plan.kind === "single"
      ? await callStore(() =>
          store.signUpload({
            key: objectKey,
            contentType,
            sizeBytes: plan.sizeBytes,
            sha256: plan.sha256,
            expiresInSeconds: signedSeconds,
          }),
        )
      : null;
  const isAnnounced = plan.kind !== "content";
  const promotedKey = store.promote && signed && !isPortalLink(store, signed) ? `recordings/${randomUUID()}` : null;
  return {
    id,
    kind: plan.kind,
    objectKey,
    promotedKey,
    partSizeBytes,
    sizeBytes: isAnnounced ? plan.sizeBytes : null,
    sha256: isAnnounced ? Buffer.from(plan.sha256, "hex") : null,
    signed,
    expiresAt: signed?.expiresAt ?? linkExpiry(daySeconds),
  };
}

/** Content sent through the portal needs no promotion: the store's own links do not lead to its key. */
const isPortalLink = (store: ObjectStore, { url }: SignedUpload) => isLinkedStore(store) && store.links.isOwnLink(url);
