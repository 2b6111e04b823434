import { HeadObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { CONTROL_OBJECT_KEY } from "@/lib/storage/request-checks";
import { CoalescedCheck } from "@/lib/storage/coalesced-check";
import type { AbsenceProof } from "@/lib/storage/object-facts";
import { toS3StoreError } from "@/lib/storage/s3/s3-error";
import type { S3Target } from "@/lib/storage/s3/s3-target";
import { unfinishedUploadsOf } from "@/lib/storage/s3/s3-unfinished-uploads";
import { versionsOf } from "@/lib/storage/s3/s3-versions";
import { StoreError } from "@/lib/storage/store-error";

/**
 * Searches for anything left under a key, then for the control object with the same calls and credentials: only if they
 * show an object that exists is an empty answer a proof. Creates the control object if it is missing.
 */
export async function proveS3Absence(target: S3Target, key: string): Promise<AbsenceProof> {
  const [versions, unfinished] = await Promise.all([findVersions(target, key), unfinishedUploadsOf(target, key)]);
  const unfinishedUploads = unfinished.length;
  await controlCheckOf(target).run();
  const deleteMarkers = versions.filter((version) => version.deleteMarker).length;
  const found = { versions: versions.length - deleteMarkers, deleteMarkers, unfinishedUploads };
  const absent = versions.length + unfinishedUploads === 0;
  return { key, absent, found, controlKey: CONTROL_OBJECT_KEY, checkedAt: new Date() };
}

const controlChecks = new WeakMap<S3Client, Map<string, CoalescedCheck>>();

/** One check of the control object serves all proofs whose search ended before it began; later ones share the next. */
function controlCheckOf(target: S3Target): CoalescedCheck {
  const ofClient = controlChecks.get(target.client) ?? new Map<string, CoalescedCheck>();
  controlChecks.set(target.client, ofClient);
  const shared = ofClient.get(target.bucket) ?? new CoalescedCheck(() => assertControl(target));
  ofClient.set(target.bucket, shared);
  return shared;
}

async function assertControl(target: S3Target): Promise<void> {
  const { client, bucket, encryption } = target;
  if ((await findVersions(target, CONTROL_OBJECT_KEY)).length > 0) return;
  await client.send(
    new PutObjectCommand({ Bucket: bucket, Key: CONTROL_OBJECT_KEY, Body: "", ContentLength: 0, ...encryption }),
  );
  if ((await findVersions(target, CONTROL_OBJECT_KEY)).length === 0)
    throw new StoreError("integrity", "The store does not show an object that exists.");
}

async function findVersions(target: S3Target, key: string): Promise<Array<{ deleteMarker: boolean }>> {
  if (target.profile.capabilities.versioning) return (await versionsOf(target, key)).found;
  try {
    await target.ask(new HeadObjectCommand({ Bucket: target.bucket, Key: key }));
    return [{ deleteMarker: false }];
  } catch (error) {
    if ((toS3StoreError(error) as StoreError).code === "not_found") return [];
    throw error;
  }
}
