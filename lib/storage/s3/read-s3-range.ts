import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { counted } from "@/lib/storage/counted-stream";
import type { ByteRange, ObjectRange, ReadOptions } from "@/lib/storage/object-store";
import { toS3StoreError } from "@/lib/storage/s3/s3-error";
import { StoreError } from "@/lib/storage/store-error";
import { readAhead } from "@/lib/storage/read-ahead";
import { streamOf } from "@/lib/storage/stream-of";

/** Reads a range; the stream fails when the store sends fewer bytes than it promised. */
export async function readS3Range(
  client: S3Client,
  bucket: string,
  key: string,
  range: ByteRange,
  options: ReadOptions,
): Promise<ObjectRange> {
  const abort = new AbortController();
  const abortSignal = options.signal ? AbortSignal.any([options.signal, abort.signal]) : abort.signal;
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    Range: `bytes=${range.start}-${range.endInclusive}`,
    ...(options.versionId ? { VersionId: options.versionId } : {}),
    ...(options.ifMatch ? { IfMatch: `"${options.ifMatch}"` } : {}),
  });
  const answer = await client.send(command, { abortSignal });
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(answer.ContentRange ?? "");
  if (!match || !answer.Body) {
    abort.abort();
    throw new StoreError("integrity", "The store answered a range without Content-Range.");
  }
  const [start, endInclusive, totalSizeBytes] = match.slice(1).map(Number) as [number, number, number];
  const sizeBytes = endInclusive - start + 1;
  const body = answer.Body as AsyncIterable<Uint8Array>;
  return {
    stream: streamOf(counted(readAhead(body), sizeBytes), async () => abort.abort(), toS3StoreError),
    sizeBytes,
    start,
    endInclusive,
    totalSizeBytes,
    contentType: answer.ContentType ?? "application/octet-stream",
    etag: (answer.ETag ?? "").replaceAll('"', ""),
    versionId: answer.VersionId ?? null,
  };
}
