import { Readable } from "node:stream";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import type { StoredObject } from "@/lib/storage/object-facts";
import { declaredSha256, declaredSize, ofExactSize } from "@/lib/storage/declared-body";
import { toS3StoreError } from "@/lib/storage/s3/s3-error";
import type { S3Target } from "@/lib/storage/s3/s3-target";
import { StoreError } from "@/lib/storage/store-error";
import type { Bytes, PutOptions } from "@/lib/storage/store-requests";

/** Writes from the server. If the SHA-256 is known, it is part of the signature, which every S3 server checks. */
export async function putS3Object(
  target: S3Target,
  key: string,
  body: Bytes,
  options: PutOptions,
): Promise<StoredObject> {
  const sizeBytes = declaredSize(body, options);
  const sha256 = declaredSha256(body, options);
  const source =
    body instanceof Uint8Array ? { body, signal: undefined, failure: () => undefined } : guardedStream(body, sizeBytes);
  const command = new PutObjectCommand({
    Bucket: target.bucket,
    Key: key,
    Body: source.body,
    ContentLength: sizeBytes,
    ContentType: options.contentType,
    ...(options.ifNoneMatch === "*" ? { IfNoneMatch: "*" } : {}),
    ...(sha256 ? { ChecksumSHA256: Buffer.from(sha256, "hex").toString("base64") } : {}),
    ...(sha256 && target.profile.namesChecksumAlgorithm ? { ChecksumAlgorithm: "SHA256" as const } : {}),
    ...(options.retainUntil ? { ObjectLockMode: "COMPLIANCE", ObjectLockRetainUntilDate: options.retainUntil } : {}),
    ...target.encryption,
  });
  if (sha256) signPayloadHash(command, sha256);
  try {
    const stored = await target.client.send(command, { abortSignal: source.signal });
    const reported = target.asksForSha256 && stored.ChecksumSHA256 ? sha256 : null;
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

/** The SDK ignores errors of a streamed body, so a body that fails or has another size aborts the request here. */
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

function signPayloadHash(command: PutObjectCommand, sha256: string): void {
  command.middlewareStack.add(
    (next) => (args) => {
      (args.request as { headers: Record<string, string> }).headers["x-amz-content-sha256"] = sha256;
      return next(args);
    },
    { step: "build", name: "signPayloadHash" },
  );
}
