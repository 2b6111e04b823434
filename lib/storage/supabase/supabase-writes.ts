import type { StoredObject } from "@/lib/storage/object-facts";
import type { Bytes, PutOptions } from "@/lib/storage/store-requests";
import { StoreError } from "@/lib/storage/store-error";
import { streamOf } from "@/lib/storage/byte-streams";
import { declaredSha256, declaredSize, measureBody } from "@/lib/storage/declared-body";
import { findSupabaseObject } from "@/lib/storage/supabase/supabase-objects";
import { answered, type SupabaseBucket } from "@/lib/storage/supabase/supabase-client";

/**
 * Writes from the server. The store verifies neither size nor hash, so both are checked while the body passes. A wrong
 * body is cut off before its end, and the store discards it.
 */
export async function putSupabaseObject(
  target: SupabaseBucket,
  key: string,
  body: Bytes,
  options: PutOptions,
): Promise<StoredObject> {
  const sizeBytes = declaredSize(body, options);
  const upload = {
    contentType: options.contentType,
    upsert: options.ifNoneMatch === null,
    headers: { "content-length": String(sizeBytes) },
  };
  if (body instanceof Uint8Array) {
    if (options.sha256 !== undefined) declaredSha256(body, options);
    await answered(target.files.upload(key, body, upload));
  } else {
    const { pieces } = measureBody(body, { sizeBytes, sha256: options.sha256 ?? null });
    await putStream(target, key, withLastHeld(pieces), upload);
  }
  const facts = await findSupabaseObject(target, key);
  if (!facts || facts.sizeBytes !== sizeBytes)
    throw new StoreError("integrity", "The store does not show the object that was just written.");
  return { sizeBytes, etag: facts.etag, versionId: null, sha256: null };
}

type UploadOptions = NonNullable<Parameters<SupabaseBucket["files"]["upload"]>[2]>;

async function putStream(
  target: SupabaseBucket,
  key: string,
  pieces: AsyncGenerator<Uint8Array>,
  upload: UploadOptions,
): Promise<void> {
  let failure: unknown;
  const stream = streamOf(
    pieces,
    async () => undefined,
    (error) => (failure = error),
  );
  try {
    await answered(target.files.upload(key, stream, upload));
  } catch (error) {
    throw failure ?? error;
  }
}

/** Holds each piece back until the next one arrives, so that the store never sees the end of a wrong body. */
async function* withLastHeld(pieces: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array | null = null;
  for await (const piece of pieces) {
    if (held) yield held;
    held = piece;
  }
  if (held) yield held;
}
