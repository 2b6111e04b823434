import { randomUUID } from "node:crypto";
import { newId } from "@/lib/core/new-id";
import type { UploadPlan } from "@/lib/uploads/plan-upload";
import { linkExpiry } from "@/lib/storage/link-expiry";
import { isLinkedStore } from "@/lib/storage/links/linked-store";
import type { ObjectStore, SignedUpload } from "@/lib/storage/object-store";
import { callStore } from "@/lib/storage/store-as-app-error";

/** Long enough for a slow branch office to send an hour of audio, short enough for a link that leaked. */
const signedSeconds = 15 * 60;

/** Tickets that are no links: each request comes with the API key again. */
const daySeconds = 24 * 60 * 60;

/** A ticket before its row is written. */
export type PreparedTicket = {
  id: string;
  kind: UploadPlan["kind"];
  objectKey: string;
  promotedKey: string | null;
  partSizeBytes: number | null;
  /** What was announced; null for `content`. */
  sizeBytes: number | null;
  sha256: Buffer | null;
  expiresAt: Date;
  /** Of a single PUT; null for the other kinds. */
  signed: SignedUpload | null;
};

/** Makes a ticket with a fresh key: it is made of the ticket's id, so no name or number is in it and no older link can write to it. @throws AppError `store_unavailable`. */
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
  const promotedKey = store.promote && signed && !isAnsweredHere(store, signed) ? `recordings/${randomUUID()}` : null;
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

/** Nobody is given a link to the key of bytes that come through the portal: they need not be moved away from it. */
const isAnsweredHere = (store: ObjectStore, { url }: SignedUpload) => isLinkedStore(store) && store.links.leadHere(url);
