import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { counted, streamOf } from "@/lib/storage/byte-streams";
import { CONTROL_OBJECT_KEY } from "@/lib/storage/request-checks";
import type { ObjectPage, ObjectRange } from "@/lib/storage/object-facts";
import { readAhead } from "@/lib/storage/read-ahead";
import { toS3StoreError } from "@/lib/storage/s3/s3-error";
import type { S3Target } from "@/lib/storage/s3/s3-target";
import { StoreError } from "@/lib/storage/store-error";
import type { ByteRange, ListRequest, ReadOptions } from "@/lib/storage/store-requests";

/** Reads a range; the stream fails if the store sends fewer bytes than it announced. */
export async function readS3Range(
  { client, bucket }: S3Target,
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

/** One page of the bucket, without the control object. */
export async function listS3Objects(
  { ask, bucket }: S3Target,
  { prefix, limit, cursor }: ListRequest,
): Promise<ObjectPage> {
  const { Contents = [], NextContinuationToken = null } = await ask(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: limit, ContinuationToken: cursor }),
  );
  const objects = Contents.filter(({ Key }) => Key !== undefined && Key !== CONTROL_OBJECT_KEY);
  return {
    objects: objects.map(({ Key, Size, LastModified }) => ({
      key: Key!,
      sizeBytes: Size ?? 0,
      lastModified: LastModified ?? new Date(0),
    })),
    nextCursor: NextContinuationToken,
  };
}
