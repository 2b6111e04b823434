import { AppError } from "@/lib/core/errors";
import { verifyUpload, type ExpectedUpload, type UploadVerdict } from "@/lib/uploads/upload-verdict";
import type { ObjectStore } from "@/lib/storage/object-store";
import { detectsReplacement } from "@/lib/core/env/store-capabilities";
import { callStore } from "@/lib/storage/store-as-app-error";
import { StoreError, type StoreErrorCode } from "@/lib/storage/store-error";

/** A verdict, and the key of the object: the ticket's key, or the promoted key that the object was moved to. */
export type FinalVerdict = UploadVerdict & { objectKey: string };

/** The object left the ticket's key during the check: another completion moved it, or an upload replaced it. */
const movedMeanwhile: ReadonlySet<StoreErrorCode> = new Set(["not_found", "precondition_failed", "already_exists"]);

/**
 * Verifies an upload where no link can change it any more. If links of the store can replace an object (`promote`), it
 * verifies the object, moves it to an undisclosed key and verifies it again; the second verdict counts. Safe to repeat.
 * @throws AppError `store_unavailable`, also when only a version could identify the object and the bucket keeps none;
 * StoreError.
 */
export async function verifyFinalObject(
  store: ObjectStore,
  upload: ExpectedUpload & { promotedKey: string | null },
): Promise<FinalVerdict> {
  const { objectKey, promotedKey } = upload;
  const promote = store.promote;
  if (!promote || promotedKey === null)
    return { ...assertVersion(store, await verifyUpload(store, upload)), objectKey };
  const verifyPromoted = async (): Promise<FinalVerdict> => ({
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
    if (!(error instanceof StoreError && movedMeanwhile.has(error.code))) throw error;
  }
  return verifyPromoted();
}

/**
 * Refuses an object without a version of its own (the version `null` is replaced by the next PUT), where only a version
 * identifies it: the bucket does not match the settings.
 */
function assertVersion(store: ObjectStore, verdict: UploadVerdict): UploadVerdict {
  if (verdict.kind !== "verified" || (verdict.versionId !== null && verdict.versionId !== "null")) return verdict;
  // On a store with promotion, the key of a ticket without a promoted key was never disclosed.
  if (store.promote || detectsReplacement({ ...store.capabilities, versioning: false })) return verdict;
  throw new AppError(
    "store_unavailable",
    "the bucket keeps no versions although S3_VERSIONING expects them: no upload can be stored",
    { retryAfterSeconds: 300 },
  );
}
