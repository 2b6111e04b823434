import { setTimeout as sleep } from "node:timers/promises";
import { DeleteObjectCommand, DeleteObjectsCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import type { DeletionCounts } from "@/lib/storage/object-facts";
import { codeOf, toS3StoreError } from "@/lib/storage/s3/s3-error";
import type { S3Target } from "@/lib/storage/s3/s3-target";
import { abortUpload, unfinishedUploadsOf } from "@/lib/storage/s3/s3-unfinished-uploads";
import { versionsOf, type FoundVersions, type S3Version } from "@/lib/storage/s3/s3-versions";
import { StoreError } from "@/lib/storage/store-error";

const MAX_ROUNDS = 1000;
const MAX_FRUITLESS_ROUNDS = 4;

/** Aborts unfinished uploads of the key first, so that none completes afterwards, then removes every version. */
export async function deleteS3Object(target: S3Target, key: string): Promise<DeletionCounts> {
  const { versioning } = target.profile.capabilities;
  let unfinishedUploadsAborted = 0;
  const [uploadIds, listed] = await Promise.all([
    unfinishedUploadsOf(target, key),
    versioning ? versionsOf(target, key) : null,
  ]);
  for (const uploadId of uploadIds) unfinishedUploadsAborted += await abortUpload(target, key, uploadId);
  // If an upload was unfinished, it may have completed before the abort: the versions are listed again.
  const counts = versioning
    ? await deleteVersions(target, key, uploadIds.length === 0 ? listed : null)
    : await deletePlain(target, key);
  return { ...counts, unfinishedUploadsAborted };
}

async function deleteVersions(
  target: S3Target,
  key: string,
  listed: FoundVersions | null,
): Promise<Omit<DeletionCounts, "unfinishedUploadsAborted">> {
  const counts = { versionsDeleted: 0, deleteMarkersDeleted: 0 };
  let fruitless = 0;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const { found: versions, complete } = (round === 0 && listed) || (await versionsOf(target, key));
    if (versions.length === 0) return counts;
    const failed = await deleteBatch(target, key, versions);
    for (const version of versions) {
      if (failed.has(version.versionId)) continue;
      if (version.deleteMarker) counts.deleteMarkersDeleted += 1;
      else counts.versionsDeleted += 1;
    }
    if (complete && failed.size === 0) return counts;
    fruitless = failed.size < versions.length ? 0 : fruitless + 1;
    if (fruitless > MAX_FRUITLESS_ROUNDS)
      throw new StoreError("throttled", "The store does not delete the versions of this key.");
    if (failed.size > 0) await sleep(50 * 2 ** fruitless);
  }
  throw new StoreError("unavailable", "New versions of this key appear faster than they are deleted.");
}

/** Returns the ids to retry. A response with status 200 may contain errors; `forbidden` (lock, policy) is thrown. */
async function deleteBatch({ client, bucket }: S3Target, key: string, versions: S3Version[]): Promise<Set<string>> {
  const Objects = versions.map(({ versionId }) => ({ Key: key, VersionId: versionId }));
  const { Errors = [] } = await client.send(
    new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
  );
  for (const error of Errors) {
    const failure = new StoreError(
      codeOf("", error.Code ?? ""),
      `The store did not delete a version: ${error.Code ?? "no reason"}.`,
    );
    if (!failure.retryable && failure.code !== "not_found") throw failure;
  }
  return new Set(
    Errors.filter((error) => codeOf("", error.Code ?? "") !== "not_found").map((error) => error.VersionId ?? "null"),
  );
}

async function deletePlain({ client, ask, bucket }: S3Target, key: string) {
  const existed = await ask(new HeadObjectCommand({ Bucket: bucket, Key: key })).then(
    () => 1,
    (error: unknown) => {
      if ((toS3StoreError(error) as StoreError).code === "not_found") return 0;
      throw error;
    },
  );
  await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  return { versionsDeleted: existed, deleteMarkersDeleted: 0 };
}
