import { compareObject, type Discrepancy } from "@/lib/store-scan/compare/compare-object";
import type { RecordingInCustody } from "@/lib/store-scan/compare/list-recordings-to-verify";
import { readFirstBytes } from "@/lib/storage/object-start";
import type { ObjectStore } from "@/lib/storage/object-store";
import { StoreError, type StoreErrorCode } from "@/lib/storage/store-error";

/** Errors of one object, not of the store: it was altered, or its key is gone. */
const ofTheObject: ReadonlySet<StoreErrorCode> = new Set(["integrity", "key_missing"]);

/**
 * Compares the object of one recording with what was stored. Empty: no discrepancy.
 * @throws StoreError when the store gives no answer.
 */
export async function examineRecording(store: ObjectStore, recording: RecordingInCustody): Promise<Discrepancy[]> {
  const empty: Discrepancy[] =
    recording.durationMs === 0 ? [{ kind: "empty_audio", facts: { sizeBytes: recording.sizeBytes } }] : [];
  return [...(await checkObject(store, recording)), ...(await checkLock(store, recording)), ...empty];
}

/** True if the object itself is unchanged: empty audio or a missing lock does not change it. */
export function isAsStored(discrepancies: readonly Discrepancy[]): boolean {
  return discrepancies.every(({ kind }) => kind === "empty_audio" || kind === "hold_not_locked");
}

async function checkObject(store: ObjectStore, recording: RecordingInCustody): Promise<Discrepancy[]> {
  const { objectKey, objectVersionId: storedVersion } = recording;
  // An error is read twice: a bit may flip on the way.
  const headed = async (versionId?: string) =>
    store
      .head(objectKey, versionId)
      .catch(asObjectError)
      .then((read) => (read instanceof StoreError ? store.head(objectKey, versionId).catch(asObjectError) : read));
  const current = await headed();
  if (current instanceof StoreError) return [{ kind: "content_changed", facts: { change: current.code } }];
  const hasVersions = storedVersion !== null && store.capabilities.versioning;
  if (current && (!hasVersions || current.versionId === storedVersion)) {
    const differences = compareObject(recording, current, store);
    if (differences.length === 0 && !store.capabilities.headShowsBytes) await readFirstBytes(store, current, 1);
    return differences;
  }
  const inCustody = hasVersions ? await headed(storedVersion) : null;
  if (inCustody instanceof StoreError) return [{ kind: "content_changed", facts: { change: inCustody.code } }];
  if (inCustody) return [{ kind: "content_changed", facts: { change: current ? "newer_version" : "delete_marker" } }];
  // Absence is proved: at the same time the store must show an object that certainly exists.
  const isGone = current === null && (await store.proveAbsence(objectKey)).found.versions === 0;
  return [
    isGone ? { kind: "object_missing", facts: {} } : { kind: "content_changed", facts: { change: "version_gone" } },
  ];
}

function asObjectError(error: unknown): StoreError {
  if (error instanceof StoreError && ofTheObject.has(error.code)) return error;
  throw error;
}

async function checkLock(
  { legalHold }: ObjectStore,
  { objectKey, objectVersionId, isHeld, isHeldLong, isLocked }: RecordingInCustody,
): Promise<Discrepancy[]> {
  const found = (lock: string): Discrepancy[] => [{ kind: "hold_not_locked", facts: { lock } }];
  if (legalHold === null || !isHeld) return [];
  if (objectVersionId === null) return found("no_version");
  if (!isLocked) return isHeldLong ? found("never") : [];
  try {
    return (await legalHold.isSet(objectKey, objectVersionId)) ? [] : found("taken_off");
  } catch (error) {
    // The version is gone: checkObject reports it.
    if (error instanceof StoreError && error.code === "not_found") return [];
    throw error;
  }
}
