import { HeadObjectCommand, PutObjectCommand, type PutObjectCommandInput, type S3Client } from "@aws-sdk/client-s3";
import { CONTROL_OBJECT_KEY } from "@/lib/storage/check-requests";
import type { AbsenceProof } from "@/lib/storage/object-store";
import { toS3StoreError } from "@/lib/storage/s3/s3-error";
import { unfinishedUploadsOf, versionsOf } from "@/lib/storage/s3/s3-remains";
import { CoalescedCheck } from "@/lib/storage/coalesced-check";
import { StoreError } from "@/lib/storage/store-error";

interface Target {
  bucket: string;
  versioning: boolean;
  encryption: Pick<PutObjectCommandInput, "ServerSideEncryption" | "SSEKMSKeyId">;
}

/**
 * Looks for anything left of a key, then for the control object in the very same way. The control is made when it is
 * missing: what counts is that the same calls, with the same credentials, see what is there.
 */
export async function proveS3Absence(client: S3Client, target: Target, key: string): Promise<AbsenceProof> {
  const { bucket } = target;
  const [versions, unfinished] = await Promise.all([
    lookFor(client, target, key),
    unfinishedUploadsOf(client, bucket, key),
  ]);
  const unfinishedUploads = unfinished.length;
  await controlOf(client, target).run();
  const deleteMarkers = versions.filter((version) => version.deleteMarker).length;
  const found = { versions: versions.length - deleteMarkers, deleteMarkers, unfinishedUploads };
  const absent = versions.length + unfinishedUploads === 0;
  return { key, absent, found, controlKey: CONTROL_OBJECT_KEY, checkedAt: new Date() };
}

const controls = new WeakMap<S3Client, Map<string, CoalescedCheck>>();

/**
 * One look for the control serves all who had finished their own before it began: who comes while one is under way
 * waits for the next.
 */
function controlOf(client: S3Client, target: Target): CoalescedCheck {
  const ofClient = controls.get(client) ?? new Map<string, CoalescedCheck>();
  controls.set(client, ofClient);
  const shared = ofClient.get(target.bucket) ?? new CoalescedCheck(() => seeControl(client, target));
  ofClient.set(target.bucket, shared);
  return shared;
}

async function seeControl(client: S3Client, target: Target): Promise<void> {
  if ((await lookFor(client, target, CONTROL_OBJECT_KEY)).length > 0) return;
  await client.send(
    new PutObjectCommand({
      Bucket: target.bucket,
      Key: CONTROL_OBJECT_KEY,
      Body: "",
      ContentLength: 0,
      ...target.encryption,
    }),
  );
  if ((await lookFor(client, target, CONTROL_OBJECT_KEY)).length === 0) {
    throw new StoreError("integrity", "The store does not show an object that exists.");
  }
}

async function lookFor(client: S3Client, target: Target, key: string): Promise<Array<{ deleteMarker: boolean }>> {
  if (target.versioning) return (await versionsOf(client, target.bucket, key)).found;
  try {
    await client.send(new HeadObjectCommand({ Bucket: target.bucket, Key: key }));
    return [{ deleteMarker: false }];
  } catch (error) {
    if ((toS3StoreError(error) as StoreError).code === "not_found") return [];
    throw error;
  }
}
