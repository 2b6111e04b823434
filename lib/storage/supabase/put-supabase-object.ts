import { createHash } from "node:crypto";
import type { PutOptions, StoredObject } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";
import { streamOf } from "@/lib/storage/byte-streams";
import { findObject } from "@/lib/storage/supabase/find-object";
import { answered, type SupabaseBucket } from "@/lib/storage/supabase/supabase-client";

/**
 * Writes from the server. The store checks neither size nor hash: they are checked on the way, and a body that is not
 * as announced is broken off before its end, which the store takes as no upload at all.
 */
export async function putSupabaseObject(
  target: SupabaseBucket,
  key: string,
  body: Uint8Array | ReadableStream<Uint8Array>,
  options: PutOptions,
): Promise<StoredObject> {
  const sizeBytes = body instanceof Uint8Array ? body.length : options.sizeBytes;
  if (sizeBytes === undefined) throw new StoreError("invalid_request", "A streamed body requires a size.");
  if (options.sizeBytes !== undefined && options.sizeBytes !== sizeBytes)
    throw new StoreError("size_mismatch", "The body size differs from the declared size.");
  const upload = {
    contentType: options.contentType,
    upsert: options.ifNoneMatch === null,
    headers: { "content-length": String(sizeBytes) },
  };
  if (body instanceof Uint8Array) {
    if (options.sha256 !== undefined && options.sha256 !== createHash("sha256").update(body).digest("hex"))
      throw mismatch();
    await answered(target.files.upload(key, body, upload));
  } else {
    await putStream(target, key, body, sizeBytes, options, upload);
  }
  const facts = await findObject(target, key);
  if (!facts || facts.sizeBytes !== sizeBytes)
    throw new StoreError("integrity", "The store does not show the object that was just written.");
  return { sizeBytes, etag: facts.etag, versionId: null, sha256: null };
}

type UploadOptions = NonNullable<Parameters<SupabaseBucket["files"]["upload"]>[2]>;

async function putStream(
  target: SupabaseBucket,
  key: string,
  source: ReadableStream<Uint8Array>,
  sizeBytes: number,
  { sha256 }: PutOptions,
  upload: UploadOptions,
): Promise<void> {
  let failure: unknown;
  const checked = streamOf(
    asAnnounced(source, sizeBytes, sha256),
    async () => undefined,
    (error) => (failure = error),
  );
  try {
    await answered(target.files.upload(key, checked, upload));
  } catch (error) {
    throw failure ?? error;
  }
}

/** The last piece is held back until the whole is known to be right: the store must not see the end of a wrong body. */
async function* asAnnounced(
  source: ReadableStream<Uint8Array>,
  sizeBytes: number,
  sha256: string | undefined,
): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  let seen = 0;
  let held: Uint8Array | null = null;
  for await (const piece of source) {
    seen += piece.length;
    if (seen > sizeBytes) throw new StoreError("size_mismatch", "The body is longer than declared.");
    hash.update(piece);
    if (held) yield held;
    held = piece;
  }
  if (seen < sizeBytes) throw new StoreError("size_mismatch", "The body is shorter than declared.");
  if (sha256 !== undefined && hash.digest("hex") !== sha256) throw mismatch();
  if (held) yield held;
}

const mismatch = () => new StoreError("checksum_mismatch", "The body does not match the declared SHA-256.");
