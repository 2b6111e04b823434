import type { IncomingMessage } from "node:http";
import { GetObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { HttpRequest } from "@smithy/core/protocols";
import { readAll } from "@/lib/storage/byte-streams";
import type { ObjectStart } from "@/lib/storage/object-facts";
import { toS3StoreError } from "@/lib/storage/s3/s3-error";
import { factsOf, nullIfMissing, type ObjectHead } from "@/lib/storage/s3/s3-object-facts";
import type { S3Target } from "@/lib/storage/s3/s3-target";
import { StoreError } from "@/lib/storage/store-error";

type Start = { answer: ObjectHead; totalSizeBytes: number; firstBytes: Buffer };

/** The facts and the first bytes of an object, in one request; null as `headS3Object`. */
export function readS3Start(target: S3Target, key: string, count: number): Promise<ObjectStart | null> {
  return nullIfMissing(target, async () => {
    const { answer, totalSizeBytes, firstBytes } =
      (await readPlainly(target, key, count)) ?? (await readBySdk(target, key, count));
    return { facts: factsOf(key, { ...answer, ContentLength: totalSizeBytes }, target), firstBytes };
  });
}

/** A link that is used at once. */
const linkSeconds = 60;

/**
 * Reads without the SDK's command stack, which takes several times as long, over the same connections. Null for
 * whatever is not the whole range: the SDK then asks again, and knows the errors.
 */
async function readPlainly({ client, signer }: S3Target, key: string, count: number): Promise<Start | null> {
  const { url } = await signer.presign({ method: "GET", key, expiresInSeconds: linkSeconds });
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const request = new HttpRequest({
    ...{ method: "GET", protocol, hostname, path: pathname + search },
    ...(port ? { port: Number(port) } : {}),
    headers: { range: `bytes=0-${count - 1}` },
  });
  try {
    const { response } = await client.config.requestHandler.handle(request);
    const { statusCode, headers } = response;
    const body = response.body as IncomingMessage;
    const totalSizeBytes = totalIn(headers["content-range"]);
    if (statusCode !== 206 || !Number.isInteger(totalSizeBytes)) {
      // It may be the whole object.
      body.destroy();
      return null;
    }
    const firstBytes = await readAll(body);
    if (firstBytes.length !== Math.min(count, totalSizeBytes)) return null;
    return { answer: headOf(headers), totalSizeBytes, firstBytes };
  } catch {
    return null;
  }
}

function headOf(headers: Record<string, string | undefined>): ObjectHead {
  return {
    ContentType: headers["content-type"],
    ETag: headers.etag,
    VersionId: headers["x-amz-version-id"],
    ChecksumSHA256: headers["x-amz-checksum-sha256"],
    ServerSideEncryption: headers["x-amz-server-side-encryption"] as ObjectHead["ServerSideEncryption"],
    SSEKMSKeyId: headers["x-amz-server-side-encryption-aws-kms-key-id"],
    ...(headers["last-modified"] ? { LastModified: new Date(headers["last-modified"]) } : {}),
  };
}

/** The size of the whole object in a `Content-Range`; NaN without one. */
const totalIn = (contentRange: string | undefined) => Number(/\/(\d+)$/.exec(contentRange ?? "")?.[1]);

async function readBySdk({ client, ask, bucket }: S3Target, key: string, count: number): Promise<Start> {
  const object = { Bucket: bucket, Key: key };
  try {
    const { Body, ...answer } = await client.send(new GetObjectCommand({ ...object, Range: `bytes=0-${count - 1}` }));
    const firstBytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
    const totalSizeBytes = totalIn(answer.ContentRange);
    if (!Number.isInteger(totalSizeBytes))
      throw new StoreError("integrity", "The store answered a range without Content-Range.");
    if (firstBytes.length !== Math.min(count, totalSizeBytes))
      throw new StoreError("unavailable", "The store ended the range early.");
    return { answer, totalSizeBytes, firstBytes };
  } catch (error) {
    // An empty object has no range.
    const failure = toS3StoreError(error);
    if (!(failure instanceof StoreError) || failure.code !== "range_not_satisfiable") throw failure;
    const answer = await ask(new HeadObjectCommand(object));
    return { answer, totalSizeBytes: answer.ContentLength ?? 0, firstBytes: Buffer.alloc(0) };
  }
}
