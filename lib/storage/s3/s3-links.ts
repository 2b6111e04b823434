import type { SignedDownload, SignedUpload } from "@/lib/storage/object-facts";
import type { S3Target } from "@/lib/storage/s3/s3-target";
import type { DownloadRequest, UploadRequest } from "@/lib/storage/store-requests";

/** A link for one PUT. Type, size, SHA-256 and encryption are signed. */
export async function signS3Upload(target: S3Target, request: UploadRequest): Promise<SignedUpload> {
  const headers: Record<string, string> = {
    "content-type": request.contentType,
    "if-none-match": "*",
    "x-amz-checksum-sha256": Buffer.from(request.sha256, "hex").toString("base64"),
    ...(target.profile.namesChecksumAlgorithm ? { "x-amz-sdk-checksum-algorithm": "SHA256" } : {}),
    ...encryptionHeaders(target),
  };
  const payloadSha256 = target.profile.uploadHashHeader === "x-amz-content-sha256" ? request.sha256 : undefined;
  const { url, expiresAt } = await target.signer.presign({
    method: "PUT",
    key: request.key,
    headers: { ...headers, "content-length": String(request.sizeBytes) },
    payloadSha256,
    expiresInSeconds: request.expiresInSeconds,
  });
  // Content-Length is signed but not returned: HTTP clients set it from the body, and browsers forbid setting it.
  return {
    method: "PUT",
    url,
    headers: payloadSha256 ? { ...headers, "x-amz-content-sha256": payloadSha256 } : headers,
    expiresAt,
  };
}

/** A link that reads an object. */
export function signS3Download({ signer }: S3Target, request: DownloadRequest): Promise<SignedDownload> {
  const { key, expiresInSeconds, versionId, contentType, contentDisposition } = request;
  const query: Record<string, string> = {};
  if (versionId !== undefined) query.versionId = versionId;
  if (contentType !== undefined) query["response-content-type"] = contentType;
  if (contentDisposition !== undefined) query["response-content-disposition"] = contentDisposition;
  return signer.presign({ method: "GET", key, query, expiresInSeconds });
}

function encryptionHeaders({ encryption: { ServerSideEncryption, SSEKMSKeyId } }: S3Target): Record<string, string> {
  return {
    ...(ServerSideEncryption ? { "x-amz-server-side-encryption": ServerSideEncryption } : {}),
    ...(SSEKMSKeyId ? { "x-amz-server-side-encryption-aws-kms-key-id": SSEKMSKeyId } : {}),
  };
}
