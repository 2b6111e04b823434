import { AbortMultipartUploadCommand, ListMultipartUploadsCommand, ListPartsCommand } from "@aws-sdk/client-s3";
import { toS3StoreError } from "@/lib/storage/s3/s3-error";
import type { S3Target } from "@/lib/storage/s3/s3-target";
import { StoreError } from "@/lib/storage/store-error";

type Bucket = Pick<S3Target, "client" | "ask" | "bucket">;

/** Ids of unfinished multipart uploads of exactly this key. */
export async function unfinishedUploadsOf({ ask, bucket }: Bucket, key: string): Promise<string[]> {
  const ids: string[] = [];
  let markers: { KeyMarker?: string; UploadIdMarker?: string } = {};
  for (;;) {
    const page = await ask(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key, ...markers }));
    const uploads = page.Uploads ?? [];
    ids.push(...uploads.filter((upload) => upload.Key === key && upload.UploadId).map((upload) => upload.UploadId!));
    const passed = uploads.some((upload) => upload.Key !== key);
    if (!page.IsTruncated || passed || !page.NextKeyMarker) return ids;
    markers = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
  }
}

/** Aborts an unfinished multipart upload. @returns 0 if the upload had already ended. */
export async function abortUpload({ client, bucket }: Bucket, key: string, uploadId: string): Promise<0 | 1> {
  try {
    await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId }));
    return 1;
  } catch (error) {
    if (isNotFound(error)) return 0;
    throw error;
  }
}

/** Whether the store still has this multipart upload. @throws StoreError */
export async function isUnfinished({ ask, bucket }: Bucket, key: string, uploadId: string): Promise<boolean> {
  try {
    await ask(new ListPartsCommand({ Bucket: bucket, Key: key, UploadId: uploadId, MaxParts: 1 }));
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw toS3StoreError(error);
  }
}

function isNotFound(error: unknown): boolean {
  const failure = toS3StoreError(error);
  return failure instanceof StoreError && failure.code === "not_found";
}

export interface S3Part {
  partNumber: number;
  sizeBytes: number;
  /** Opaque, without quotes. */
  etag: string;
  /** The checksum that the store verified, in base64; null if it reports none. */
  checksumSha256: string | null;
}

/** Every part of an unfinished upload, ordered by number. */
export async function listS3Parts({ ask, bucket }: Bucket, key: string, uploadId: string): Promise<S3Part[]> {
  const parts: S3Part[] = [];
  let marker: string | undefined;
  for (;;) {
    const page = await ask(
      new ListPartsCommand({ Bucket: bucket, Key: key, UploadId: uploadId, PartNumberMarker: marker }),
    );
    for (const { PartNumber, Size, ETag, ChecksumSHA256 } of page.Parts ?? []) {
      if (PartNumber === undefined) continue;
      parts.push({
        partNumber: PartNumber,
        sizeBytes: Size ?? 0,
        etag: (ETag ?? "").replaceAll('"', ""),
        checksumSha256: ChecksumSHA256 ?? null,
      });
    }
    if (!page.IsTruncated || !page.NextPartNumberMarker || page.NextPartNumberMarker === marker) return parts;
    marker = page.NextPartNumberMarker;
  }
}
