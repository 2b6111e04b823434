import { CreateMultipartUploadCommand } from "@aws-sdk/client-s3";
import { assertContentType, assertMultipartPart } from "@/lib/storage/request-checks";
import { assertObjectKey } from "@/lib/storage/object-key";
import type { MultipartUploads } from "@/lib/storage/object-store";
import { mapS3Errors } from "@/lib/storage/s3/s3-error";
import { completeS3Multipart } from "@/lib/storage/s3/s3-multipart-completion";
import type { S3Target } from "@/lib/storage/s3/s3-target";
import { abortUpload, listS3Parts, unfinishedUploadsOf } from "@/lib/storage/s3/s3-unfinished-uploads";
import { StoreError } from "@/lib/storage/store-error";

const MEBIBYTE = 1024 ** 2;
const limits = { minPartBytes: 5 * MEBIBYTE, maxPartBytes: 5 * 1024 * MEBIBYTE, maxParts: 10_000 };

/** Multipart uploads of S3. Encryption and type are set when the upload begins; a part has only its size and hash. */
export function s3Multipart(target: S3Target): MultipartUploads {
  return {
    ...limits,
    begin: (request) => begin(target, request),
    signPart: (part) => signPart(target, part),
    async listParts(key, uploadId) {
      assertObjectKey(key);
      const parts = await mapS3Errors(() => listS3Parts(target, key, uploadId));
      return parts.map(({ partNumber, sizeBytes, etag }) => ({ partNumber, sizeBytes, etag }));
    },
    async complete(request) {
      assertObjectKey(request.key);
      return mapS3Errors(() => completeS3Multipart(target, request));
    },
    async abort(key, uploadId) {
      assertObjectKey(key);
      await mapS3Errors(() => abortUpload(target, key, uploadId));
    },
    async abortOthers(key, uploadId) {
      assertObjectKey(key);
      await mapS3Errors(async () => {
        for (const other of await unfinishedUploadsOf(target, key))
          if (other !== uploadId) await abortUpload(target, key, other);
      });
    },
  };
}

async function begin(target: S3Target, { key, contentType }: Parameters<MultipartUploads["begin"]>[0]) {
  assertObjectKey(key);
  assertContentType(contentType);
  const command = new CreateMultipartUploadCommand({
    Bucket: target.bucket,
    Key: key,
    ContentType: contentType,
    ChecksumAlgorithm: signsChecksumHeader(target) ? "SHA256" : undefined,
    ...target.encryption,
  });
  const { UploadId } = await mapS3Errors(() => target.client.send(command));
  if (!UploadId) throw new StoreError("integrity", "The store began an upload without an id.");
  return { uploadId: UploadId };
}

async function signPart(target: S3Target, part: Parameters<MultipartUploads["signPart"]>[0]) {
  assertObjectKey(part.key);
  assertMultipartPart(part, limits, target.capabilities);
  const isChecksum = signsChecksumHeader(target);
  const hash: Record<string, string> = isChecksum
    ? { "x-amz-checksum-sha256": Buffer.from(part.sha256, "hex").toString("base64") }
    : { "x-amz-content-sha256": part.sha256 };
  const { url, expiresAt } = await target.signer.presign({
    method: "PUT",
    key: part.key,
    query: { partNumber: String(part.partNumber), uploadId: part.uploadId },
    headers: { "content-length": String(part.sizeBytes), ...(isChecksum ? hash : {}) },
    payloadSha256: isChecksum ? undefined : part.sha256,
    expiresInSeconds: part.expiresInSeconds,
  });
  return { method: "PUT" as const, url, headers: hash, expiresAt };
}

const signsChecksumHeader = ({ profile }: S3Target) => profile.uploadHashHeader === "x-amz-checksum-sha256";
