import { createHash } from "node:crypto";
import { CompleteMultipartUploadCommand } from "@aws-sdk/client-s3";
import type { ObjectFacts, StoredObject } from "@/lib/storage/object-facts";
import type { MultipartUploads } from "@/lib/storage/object-store";
import { toS3StoreError } from "@/lib/storage/s3/s3-error";
import { headS3Object } from "@/lib/storage/s3/s3-object-facts";
import type { S3Target } from "@/lib/storage/s3/s3-target";
import { isUnfinished, listS3Parts } from "@/lib/storage/s3/s3-unfinished-uploads";
import { StoreError } from "@/lib/storage/store-error";

type Request = Parameters<MultipartUploads["complete"]>[0];

/**
 * Joins the parts to one object. Safe to repeat: after a lost answer it recognizes the object of the first call by its
 * ETag, which follows from the parts.
 * @throws StoreError `not_found` (neither the upload nor its object exists), `already_exists`, `invalid_request` (a
 * part
 * is missing).
 */
export async function completeS3Multipart(target: S3Target, request: Request): Promise<StoredObject> {
  const parts = request.parts.toSorted((one, other) => one.partNumber - other.partNumber);
  if (parts.length === 0) throw new StoreError("invalid_request", "An upload without parts cannot be completed.");
  const before = await headS3Object(target, request.key);
  if (before && (await isResultOf(target, request, before))) return storedObject(before);
  if (before && request.ifNoneMatch === "*") throw taken();
  try {
    const answer = await target.client.send(await completion(target, request, parts));
    return storedObject(await factsAfter(target, request.key, answer.VersionId));
  } catch (error) {
    const failure = toS3StoreError(error);
    if (!(failure instanceof StoreError)) throw failure;
    // The answer may have been lost, or a concurrent call may have completed the upload.
    const after = await headS3Object(target, request.key);
    if (after && (await isResultOf(target, request, after))) return storedObject(after);
    if (failure.code === "precondition_failed") throw taken(error);
    // Ceph 16.2 answers InternalError for an unknown upload.
    const gone = failure.retryable && !(await isUnfinished(target, request.key, request.uploadId));
    throw gone ? new StoreError("not_found", "No such upload.", { cause: error }) : failure;
  }
}

const taken = (cause?: unknown) =>
  new StoreError("already_exists", "An object under this key already exists.", { cause });

/** If parts were sent with a checksum, the completion must contain each checksum again. */
async function completion(target: S3Target, request: Request, parts: Request["parts"]) {
  const { bucket, profile, capabilities } = target;
  const wantsChecksums = profile.uploadHashHeader === "x-amz-checksum-sha256";
  const listed = wantsChecksums ? await listS3Parts(target, request.key, request.uploadId) : [];
  const checksums = new Map(listed.map((part) => [part.partNumber, part.checksumSha256]));
  const Parts = parts.map(({ partNumber, etag }) => ({
    PartNumber: partNumber,
    ETag: `"${etag}"`,
    ChecksumSHA256: checksums.get(partNumber) ?? undefined,
  }));
  const condition = request.ifNoneMatch === "*" && capabilities.conditionalWrite ? { IfNoneMatch: "*" } : {};
  return new CompleteMultipartUploadCommand({
    Bucket: bucket,
    Key: request.key,
    UploadId: request.uploadId,
    MultipartUpload: { Parts },
    ...condition,
  });
}

/** Reads the facts by HEAD, because the answer may lack ETag and size (Ceph 16.2). */
async function factsAfter(target: S3Target, key: string, versionId: string | undefined): Promise<ObjectFacts> {
  const facts = await headS3Object(target, key, versionId);
  if (!facts) throw new StoreError("integrity", "The store completed an upload but does not show its object.");
  return facts;
}

/**
 * Whether these parts make up the object: its ETag is `<md5 of the parts' md5s>-<count>`. If the parts' ETags are no
 * MD5 (KMS on Amazon), only the count is compared, and the upload must have ended.
 */
async function isResultOf(target: S3Target, { key, uploadId, parts }: Request, facts: ObjectFacts): Promise<boolean> {
  const inOrder = parts.toSorted((one, other) => one.partNumber - other.partNumber);
  const digest = createHash("md5")
    .update(Buffer.concat(inOrder.map(({ etag }) => Buffer.from(etag, "hex"))))
    .digest("hex");
  if (facts.etag === `${digest}-${parts.length}`) return true;
  const opaque = typeof facts.encryption === "object" && facts.encryption.algorithm !== "AES256";
  return opaque && facts.etag.endsWith(`-${parts.length}`) && !(await isUnfinished(target, key, uploadId));
}

const storedObject = ({ sizeBytes, etag, versionId, sha256 }: ObjectFacts): StoredObject => ({
  sizeBytes,
  etag,
  versionId,
  sha256,
});
