import { AppError } from "@/lib/core/errors";
import { verifyUpload, type ExpectedUpload, type UploadVerdict } from "@/lib/uploads/verify-upload";
import type { ObjectStore } from "@/lib/storage/object-store";
import { detectsReplacement } from "@/lib/core/env/store-capabilities";
import { callStore } from "@/lib/storage/store-as-app-error";
import { StoreError, type StoreErrorCode } from "@/lib/storage/store-error";

/** A verdict, and the key that it is about: that of the ticket, or the one that the object was moved to. */
export type CustodyVerdict = UploadVerdict & { objectKey: string };

/** The object disappeared from the ticket's key during the check: another completion moved it, or it was replaced. */
const movedUnderOurEyes: ReadonlySet<StoreErrorCode> = new Set(["not_found", "precondition_failed", "already_exists"]);

/**
 * Verifies an upload. On a store whose links can replace an object (`promote`), verifies the object, moves it to an
 * undisclosed key and verifies it again there; only the second verdict counts. Safe to repeat.
 * @throws AppError `store_unavailable`, also when only a version could identify the object and the bucket keeps none;
 * StoreError.
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

/**
 * A missing version, or the unnamed one that the next PUT replaces, does not identify the object: the bucket does not
 * match the settings.
 */
function assertPinned(store: ObjectStore, verdict: UploadVerdict): UploadVerdict {
  if (verdict.kind !== "verified" || (verdict.versionId !== null && verdict.versionId !== "null")) return verdict;
  // On a store with promotion, a ticket without a promoted key has an own key that was never disclosed.
  if (store.promote || detectsReplacement({ ...store.capabilities, versioning: false })) return verdict;
  throw new AppError(
    "store_unavailable",
    "the bucket keeps no versions, though S3_VERSIONING says so: nothing is taken into custody",
    { retryAfterSeconds: 300 },
  );
}
