import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { PutObjectCommand, type PutObjectCommandInput, type S3Client } from "@aws-sdk/client-s3";
import type { PutOptions, StoredObject } from "@/lib/storage/object-store";
import { toS3StoreError } from "@/lib/storage/s3/s3-error";
import { StoreError } from "@/lib/storage/store-error";

export interface S3PutTarget {
  bucket: string;
  key: string;
  encryption: Pick<PutObjectCommandInput, "ServerSideEncryption" | "SSEKMSKeyId">;
  sha256Reported: boolean;
}

/** Writes from the server. The SHA-256, where known, is part of the signature, which every S3 server checks. */
export async function putS3Object(
  client: S3Client,
  target: S3PutTarget,
  body: Uint8Array | ReadableStream<Uint8Array>,
  options: PutOptions,
): Promise<StoredObject> {
  const sha256 = checkedHash(body, options);
  const sizeBytes = body instanceof Uint8Array ? body.length : options.sizeBytes;
  if (sizeBytes === undefined) throw new StoreError("invalid_request", "A streamed body requires a size.");
  if (options.sizeBytes !== undefined && options.sizeBytes !== sizeBytes)
    throw new StoreError("size_mismatch", "The body size differs from the declared size.");
  const source =
    body instanceof Uint8Array ? { body, signal: undefined, failure: () => undefined } : guardedStream(body, sizeBytes);
  const command = new PutObjectCommand({
    Bucket: target.bucket,
    Key: target.key,
    Body: source.body,
    ContentLength: sizeBytes,
    ContentType: options.contentType,
    ...(options.ifNoneMatch === "*" ? { IfNoneMatch: "*" } : {}),
    ...(sha256 ? { ChecksumSHA256: Buffer.from(sha256, "hex").toString("base64") } : {}),
    ...(options.retainUntil ? { ObjectLockMode: "COMPLIANCE", ObjectLockRetainUntilDate: options.retainUntil } : {}),
    ...target.encryption,
  });
  if (sha256) signPayloadHash(command, sha256);
  try {
    const stored = await client.send(command, { abortSignal: source.signal });
    const reported = target.sha256Reported && stored.ChecksumSHA256 ? sha256 : null;
    return {
      sizeBytes,
      etag: (stored.ETag ?? "").replaceAll('"', ""),
      versionId: stored.VersionId ?? null,
      sha256: reported,
    };
  } catch (error) {
    const failure = toS3StoreError(source.failure() ?? error);
    if (failure instanceof StoreError && failure.code === "precondition_failed" && options.ifNoneMatch === "*") {
      throw new StoreError("already_exists", "An object under this key already exists.", { cause: error });
    }
    throw failure;
  }
}

function checkedHash(body: Uint8Array | ReadableStream<Uint8Array>, options: PutOptions): string | null {
  if (!(body instanceof Uint8Array)) return options.sha256 ?? null;
  const sha256 = createHash("sha256").update(body).digest("hex");
  if (options.sha256 !== undefined && options.sha256 !== sha256)
    throw new StoreError("checksum_mismatch", "The body does not match the declared SHA-256.");
  return sha256;
}

/** The SDK pipes a body without looking at its errors: a failing or wrongly sized one must abort the request itself. */
function guardedStream(source: ReadableStream<Uint8Array>, sizeBytes: number) {
  const abort = new AbortController();
  let failure: unknown;
  const body = Readable.from(ofExactSize(source, sizeBytes), { objectMode: false });
  body.on("error", (error) => {
    failure = error;
    abort.abort();
  });
  return { body, signal: abort.signal, failure: () => failure };
}

async function* ofExactSize(source: ReadableStream<Uint8Array>, sizeBytes: number): AsyncGenerator<Uint8Array> {
  let seen = 0;
  for await (const piece of source) {
    seen += piece.length;
    if (seen > sizeBytes) throw new StoreError("size_mismatch", "The body is longer than declared.");
    yield piece;
  }
  if (seen < sizeBytes) throw new StoreError("size_mismatch", "The body is shorter than declared.");
}

function signPayloadHash(command: PutObjectCommand, sha256: string): void {
  command.middlewareStack.add(
    (next) => (args) => {
      (args.request as { headers: Record<string, string> }).headers["x-amz-content-sha256"] = sha256;
      return next(args);
    },
    { step: "build", name: "signPayloadHash" },
  );
}
