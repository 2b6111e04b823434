import {
  CreateMultipartUploadCommand,
  type PutObjectCommandInput,
  type S3Client,
  CompleteMultipartUploadCommand,
  ListPartsCommand,
} from "@aws-sdk/client-s3";
import { assertContentType, assertMultipartPart } from "@/lib/storage/check-requests";
import { assertObjectKey } from "@/lib/storage/object-key";
import type { StoreCapabilities } from "@/lib/core/env/store-capabilities";
import type { MultipartUploads, ObjectFacts, StoredObject } from "@/lib/storage/object-store";
import { abortUpload } from "@/lib/storage/s3/abort-upload";
import { listS3Parts } from "@/lib/storage/s3/list-s3-parts";
import { toS3StoreError } from "@/lib/storage/s3/s3-error";
import { unfinishedUploadsOf } from "@/lib/storage/s3/s3-remains";
import type { S3ProfileFacts } from "@/lib/core/env/s3-profiles";
import type { S3Signer } from "@/lib/storage/s3/s3-signer";
import { StoreError } from "@/lib/storage/store-error";
import { createHash } from "node:crypto";

export interface S3MultipartTarget {
  client: S3Client;
  bucket: string;
  signer: S3Signer;
  profile: S3ProfileFacts;
  capabilities: StoreCapabilities;
  encryption: Pick<PutObjectCommandInput, "ServerSideEncryption" | "SSEKMSKeyId">;
  head: (key: string, versionId?: string) => Promise<ObjectFacts | null>;
}

const MEBIBYTE = 1024 ** 2;

/**
 * Multipart uploads of S3. The key's encryption and type are set at the beginning; parts carry their size and hash
 * alone.
 */
export function s3Multipart(target: S3MultipartTarget): MultipartUploads {
  const { client, bucket } = target;
  const limits = { minPartBytes: 5 * MEBIBYTE, maxPartBytes: 5 * 1024 * MEBIBYTE, maxParts: 10_000 };
  return {
    ...limits,
    async begin({ key, contentType }) {
      assertObjectKey(key);
      assertContentType(contentType);
      const ChecksumAlgorithm = signsChecksumHeader(target) ? ("SHA256" as const) : undefined;
      const command = new CreateMultipartUploadCommand({
        Bucket: bucket,
        Key: key,
        ContentType: contentType,
        ChecksumAlgorithm,
        ...target.encryption,
      });
      const { UploadId } = await mapped(() => client.send(command));
      if (!UploadId) throw new StoreError("integrity", "The store began an upload without an id.");
      return { uploadId: UploadId };
    },
    async signPart(part) {
      assertObjectKey(part.key);
      assertMultipartPart(part, limits, target.capabilities);
      const hash: Record<string, string> = signsChecksumHeader(target)
        ? { "x-amz-checksum-sha256": Buffer.from(part.sha256, "hex").toString("base64") }
        : { "x-amz-content-sha256": part.sha256 };
      const { url, expiresAt } = await target.signer.presign({
        method: "PUT",
        key: part.key,
        query: { partNumber: String(part.partNumber), uploadId: part.uploadId },
        headers: { "content-length": String(part.sizeBytes), ...(signsChecksumHeader(target) ? hash : {}) },
        payloadSha256: signsChecksumHeader(target) ? undefined : part.sha256,
        expiresInSeconds: part.expiresInSeconds,
      });
      return { method: "PUT", url, headers: hash, expiresAt };
    },
    async listParts(key, uploadId) {
      assertObjectKey(key);
      const parts = await mapped(() => listS3Parts(client, bucket, key, uploadId));
      return parts.map(({ partNumber, sizeBytes, etag }) => ({ partNumber, sizeBytes, etag }));
    },
    async complete(request) {
      assertObjectKey(request.key);
      return mapped(() => completeS3Multipart(target, request));
    },
    async abort(key, uploadId) {
      assertObjectKey(key);
      await mapped(() => abortUpload(client, bucket, key, uploadId));
    },
    async abortOthers(key, uploadId) {
      assertObjectKey(key);
      await mapped(async () => {
        for (const other of await unfinishedUploadsOf(client, bucket, key))
          if (other !== uploadId) await abortUpload(client, bucket, key, other);
      });
    },
  };
}

const signsChecksumHeader = ({ profile }: S3MultipartTarget) => profile.uploadHashHeader === "x-amz-checksum-sha256";

async function mapped<Result>(action: () => Promise<Result>): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    throw toS3StoreError(error);
  }
}

type Request = Parameters<MultipartUploads["complete"]>[0];

/**
 * Joins the parts to the object. Repeated after a lost answer it finds the object that the first call made, by the ETag
 * that these parts must give, and answers the same.
 * @throws StoreError `not_found` (no such upload, nor its object), `already_exists`, `invalid_request` (a part that is
 * not there).
 */
export async function completeS3Multipart(target: S3MultipartTarget, request: Request): Promise<StoredObject> {
  const parts = request.parts.toSorted((one, other) => one.partNumber - other.partNumber);
  if (parts.length === 0) throw new StoreError("invalid_request", "An upload without parts cannot be completed.");
  const before = await target.head(request.key);
  if (before && (await isItsObject(target, request, before))) return storedObject(before);
  if (before && request.ifNoneMatch === "*") throw taken();
  try {
    const answer = await target.client.send(await completion(target, request, parts));
    return storedObject(await factsAfter(target, request.key, answer.VersionId));
  } catch (error) {
    const failure = toS3StoreError(error);
    if (!(failure instanceof StoreError)) throw failure;
    // The answer may be lost, or another call of the same was faster, also through If-None-Match.
    const after = await target.head(request.key);
    if (after && (await isItsObject(target, request, after))) return storedObject(after);
    if (failure.code === "precondition_failed") throw taken(error);
    // Ceph 16.2 says InternalError of an upload that it does not know.
    const gone = failure.retryable && !(await isUnfinished(target, request.key, request.uploadId));
    throw gone ? new StoreError("not_found", "No such upload.", { cause: error }) : failure;
  }
}

const taken = (cause?: unknown) =>
  new StoreError("already_exists", "An object under this key already exists.", { cause });

/** Where parts were sent with a checksum, the store wants to hear each again. */
async function completion(
  { client, bucket, profile, capabilities }: S3MultipartTarget,
  request: Request,
  parts: Request["parts"],
) {
  const wantsChecksums = profile.uploadHashHeader === "x-amz-checksum-sha256";
  const listed = wantsChecksums ? await listS3Parts(client, bucket, request.key, request.uploadId) : [];
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

/** The answer may lack ETag and size (Ceph 16.2): HEAD has both. */
async function factsAfter(target: S3MultipartTarget, key: string, versionId: string | undefined): Promise<ObjectFacts> {
  const facts = await target.head(key, versionId);
  if (!facts) throw new StoreError("integrity", "The store completed an upload but does not show its object.");
  return facts;
}

/**
 * Whether the object is what these parts give: its ETag is `<md5 of the parts' md5s>-<count>`. Where the parts' ETags
 * are no MD5 (KMS on Amazon), the count and that the upload is over are all there is to know.
 */
async function isItsObject(
  target: S3MultipartTarget,
  { key, uploadId, parts }: Request,
  facts: ObjectFacts,
): Promise<boolean> {
  const inOrder = parts.toSorted((one, other) => one.partNumber - other.partNumber);
  const digest = createHash("md5")
    .update(Buffer.concat(inOrder.map(({ etag }) => Buffer.from(etag, "hex"))))
    .digest("hex");
  if (facts.etag === `${digest}-${parts.length}`) return true;
  const opaque = typeof facts.encryption === "object" && facts.encryption.algorithm !== "AES256";
  return opaque && facts.etag.endsWith(`-${parts.length}`) && !(await isUnfinished(target, key, uploadId));
}

async function isUnfinished({ client, bucket }: S3MultipartTarget, key: string, uploadId: string): Promise<boolean> {
  try {
    await client.send(new ListPartsCommand({ Bucket: bucket, Key: key, UploadId: uploadId, MaxParts: 1 }));
    return true;
  } catch (error) {
    const failure = toS3StoreError(error);
    if (failure instanceof StoreError && failure.code === "not_found") return false;
    throw failure;
  }
}

const storedObject = ({ sizeBytes, etag, versionId, sha256 }: ObjectFacts): StoredObject => ({
  sizeBytes,
  etag,
  versionId,
  sha256,
});
