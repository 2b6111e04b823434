import { AppError } from "@/lib/core/errors";
import { verifyUpload, type ExpectedUpload, type UploadVerdict } from "@/lib/uploads/verify-upload";
import type { ObjectStore } from "@/lib/storage/object-store";
import { detectsReplacement } from "@/lib/core/env/store-capabilities";
import { callStore } from "@/lib/storage/store-as-app-error";
import { StoreError, type StoreErrorCode } from "@/lib/storage/store-error";

/** A verdict, and the key it was found under: that of the ticket, or the one the object was moved to. */
export type CustodyVerdict = UploadVerdict & { objectKey: string };

/** The object left the ticket's key while we looked: another completion moved it, or it was replaced. */
const movedUnderOurEyes: ReadonlySet<StoreErrorCode> = new Set(["not_found", "precondition_failed", "already_exists"]);

/**
 * Verifies an upload. On a store whose links can replace what was sent (`promote`), what the ticket's key holds is verified, moved
 * to a key that nobody was told, and verified there anew: only that verdict counts. Safe to repeat after a stop anywhere.
 * @throws AppError `store_unavailable`, also where only a version could pin the object and the bucket keeps none; StoreError of the store.
 */
export async function verifyInCustody(
  store: ObjectStore,
  upload: ExpectedUpload & { promotedKey: string | null },
): Promise<CustodyVerdict> {
  const { objectKey, promotedKey } = upload;
  const promote = store.promote;
  if (!promote || promotedKey === null) return { ...assertPinned(store, await verifyUpload(store, upload)), objectKey };
  const verifyPromoted = async (): Promise<CustodyVerdict> => ({
    ...(await verifyUpload(store, { ...upload, objectKey: promotedKey })),
    objectKey: promotedKey,
  });
  const earlier = await verifyPromoted();
  if (earlier.kind !== "missing") return earlier;
  try {
    const sent = await verifyUpload(store, upload);
    if (sent.kind !== "verified") return { ...sent, objectKey };
    await callStore(() => promote(objectKey, promotedKey));
  } catch (error) {
    if (!(error instanceof StoreError && movedUnderOurEyes.has(error.code))) throw error;
  }
  return verifyPromoted();
}

/** A version that does not exist, or the one without a name, which the next PUT replaces, pins nothing: the bucket is not as the settings say. */
function assertPinned(store: ObjectStore, verdict: UploadVerdict): UploadVerdict {
  if (verdict.kind !== "verified" || (verdict.versionId !== null && verdict.versionId !== "null")) return verdict;
  // Where objects are moved, a ticket without another key is one whose own key nobody was told.
  if (store.promote || detectsReplacement({ ...store.capabilities, versioning: false })) return verdict;
  throw new AppError(
    "store_unavailable",
    "the bucket keeps no versions, though S3_VERSIONING says so: nothing is taken into custody",
    { retryAfterSeconds: 300 },
  );
}
