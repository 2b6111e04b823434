import { CreateMultipartUploadCommand, type PutObjectCommandInput, type S3Client } from "@aws-sdk/client-s3";
import { assertContentType, assertMultipartPart } from "@/lib/storage/check-requests";
import { assertObjectKey } from "@/lib/storage/object-key";
import type { StoreCapabilities } from "@/lib/core/env/store-capabilities";
import type { MultipartUploads, ObjectFacts } from "@/lib/storage/object-store";
import { abortUpload } from "@/lib/storage/s3/abort-upload";
import { completeS3Multipart } from "@/lib/storage/s3/complete-s3-multipart";
import { listS3Parts } from "@/lib/storage/s3/list-s3-parts";
import { toS3StoreError } from "@/lib/storage/s3/s3-error";
import { unfinishedUploadsOf } from "@/lib/storage/s3/s3-remains";
import type { S3ProfileFacts } from "@/lib/core/env/s3-profiles";
import type { S3Signer } from "@/lib/storage/s3/s3-signer";
import { StoreError } from "@/lib/storage/store-error";

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

/** Multipart uploads of S3. The key's encryption and type are set at the beginning; parts carry their size and hash alone. */
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
