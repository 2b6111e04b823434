import { HeadBucketCommand, HeadObjectCommand, type HeadObjectCommandOutput } from "@aws-sdk/client-s3";
import type { StoreCapabilities } from "@/lib/core/env/store-capabilities";
import type { ObjectEncryption, ObjectFacts } from "@/lib/storage/object-facts";
import { toS3StoreError } from "@/lib/storage/s3/s3-error";
import type { S3Target } from "@/lib/storage/s3/s3-target";
import { StoreError } from "@/lib/storage/store-error";

/** The facts of an object; null if the bucket exists and has no such object. */
export function headS3Object(target: S3Target, key: string, versionId?: string): Promise<ObjectFacts | null> {
  const { ask, bucket } = target;
  const command = new HeadObjectCommand({
    Bucket: bucket,
    Key: key,
    ...(versionId === undefined ? {} : { VersionId: versionId }),
    ...(target.asksForSha256 ? { ChecksumMode: "ENABLED" as const } : {}),
  });
  return nullIfMissing(target, async () => factsOf(key, await ask(command), target));
}

/**
 * Converts `not_found` to null, after a check that the bucket exists: for a missing bucket, HEAD gives the same 404.
 */
export async function nullIfMissing<Result>(target: S3Target, read: () => Promise<Result>): Promise<Result | null> {
  try {
    return await read();
  } catch (error) {
    const failure = toS3StoreError(error);
    if (!(failure instanceof StoreError) || failure.code !== "not_found") throw failure;
    await assertBucket(target);
    return null;
  }
}

async function assertBucket({ ask, bucket }: S3Target): Promise<void> {
  try {
    await ask(new HeadBucketCommand({ Bucket: bucket }));
  } catch (error) {
    const failure = toS3StoreError(error) as StoreError;
    throw failure.code === "not_found" ? new StoreError("unavailable", "No such bucket.", { cause: error }) : failure;
  }
}

/** What an answer to HEAD or GET says of the object. */
export type ObjectHead = Omit<HeadObjectCommandOutput, "$metadata">;

export function factsOf(key: string, answer: ObjectHead, { capabilities, asksForSha256 }: S3Target): ObjectFacts {
  return {
    key,
    sizeBytes: answer.ContentLength ?? 0,
    contentType: answer.ContentType ?? "application/octet-stream",
    etag: (answer.ETag ?? "").replaceAll('"', ""),
    versionId: answer.VersionId ?? null,
    sha256: asksForSha256 ? sha256In(answer.ChecksumSHA256) : null,
    encryption: encryptionIn(answer, capabilities),
    lastModified: answer.LastModified ?? new Date(0),
  };
}

/** Null for the checksum of a multipart upload, which ends in "-<count>" and is not the hash of the content. */
function sha256In(checksum: string | undefined): string | null {
  if (!checksum || checksum.includes("-")) return null;
  const bytes = Buffer.from(checksum, "base64");
  return bytes.length === 32 ? bytes.toString("hex") : null;
}

function encryptionIn(
  { ServerSideEncryption, SSEKMSKeyId }: ObjectHead,
  { encryption }: StoreCapabilities,
): ObjectEncryption {
  const algorithm = encryption.find((kind) => kind === ServerSideEncryption);
  if (algorithm) return { algorithm, keyId: SSEKMSKeyId ?? null };
  return encryption.length > 0 ? "none" : "unverifiable";
}
