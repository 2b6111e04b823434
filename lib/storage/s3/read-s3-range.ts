import { GetObjectCommand, type S3Client, HeadObjectCommand, type GetObjectCommandOutput } from "@aws-sdk/client-s3";
import { counted, streamOf } from "@/lib/storage/byte-streams";
import type { ByteRange, ObjectRange, ReadOptions } from "@/lib/storage/object-store";
import { toS3StoreError } from "@/lib/storage/s3/s3-error";
import { StoreError } from "@/lib/storage/store-error";
import { readAhead } from "@/lib/storage/read-ahead";

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

type Start = { answer: Omit<GetObjectCommandOutput, "Body" | "$metadata">; totalSizeBytes: number; firstBytes: Buffer };

/**
 * The beginning of an object, and what the answer says of the whole. @throws what the SDK throws; StoreError
 * `integrity`, `unavailable`.
 */
export async function readS3Start(client: S3Client, bucket: string, key: string, count: number): Promise<Start> {
  const object = { Bucket: bucket, Key: key };
  try {
    const { Body, ...answer } = await client.send(new GetObjectCommand({ ...object, Range: `bytes=0-${count - 1}` }));
    const firstBytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
    const totalSizeBytes = Number(/\/(\d+)$/.exec(answer.ContentRange ?? "")?.[1]);
    if (!Number.isInteger(totalSizeBytes))
      throw new StoreError("integrity", "The store answered a range without Content-Range.");
    if (firstBytes.length !== Math.min(count, totalSizeBytes))
      throw new StoreError("unavailable", "The store ended the range early.");
    return { answer, totalSizeBytes, firstBytes };
  } catch (error) {
    // An object of no bytes has no range.
    const failure = toS3StoreError(error);
    if (!(failure instanceof StoreError) || failure.code !== "range_not_satisfiable") throw failure;
    const answer = await client.send(new HeadObjectCommand(object));
    return { answer, totalSizeBytes: answer.ContentLength ?? 0, firstBytes: Buffer.alloc(0) };
  }
}
