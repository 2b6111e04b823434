import { ListPartsCommand, type S3Client } from "@aws-sdk/client-s3";

export interface S3Part {
  partNumber: number;
  sizeBytes: number;
  /** Opaque, without quotes. */
  etag: string;
  /** As the store verified it, in base64; only some say it. */
  checksumSha256: string | null;
}

/** Every part that the store holds of an unfinished upload, in the order of their numbers. */
export async function listS3Parts(client: S3Client, bucket: string, key: string, uploadId: string): Promise<S3Part[]> {
  const parts: S3Part[] = [];
  let marker: string | undefined;
  for (;;) {
    const page = await client.send(
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
