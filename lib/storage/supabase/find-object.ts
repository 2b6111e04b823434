import { CONTROL_OBJECT_KEY } from "@/lib/storage/check-requests";
import type { ObjectFacts } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";
import { answered, type SupabaseBucket } from "@/lib/storage/supabase/supabase-client";

/**
 * What the store says of a key. Null only when it said `NoSuchKey` and, asked in the same way, showed an object that is
 * certainly there: a key without rights hears `NoSuchKey` of everything.
 * @throws StoreError `integrity` when the control object is not seen either; `forbidden`, `unavailable` and others of
 * the store.
 */
export async function findObject(target: SupabaseBucket, key: string): Promise<ObjectFacts | null> {
  const facts = await askFor(target, key);
  if (!facts) await assertControlSeen(target);
  return facts;
}

/** @throws StoreError `integrity`, or why the control object could not be made. */
export async function assertControlSeen(target: SupabaseBucket): Promise<void> {
  if (await askFor(target, CONTROL_OBJECT_KEY)) return;
  // Missing or hidden: who may write it and then see it has the rights that make an empty answer believable.
  const options = { contentType: "audio/wav", upsert: true };
  await answered(target.files.upload(CONTROL_OBJECT_KEY, new Uint8Array(), options));
  if (!(await askFor(target, CONTROL_OBJECT_KEY)))
    throw new StoreError("integrity", "The store does not show an object that exists.");
}

async function askFor(target: SupabaseBucket, key: string): Promise<ObjectFacts | null> {
  try {
    const info = await answered(target.files.info(key));
    return {
      key,
      sizeBytes: info.size ?? 0,
      contentType: info.contentType ?? "application/octet-stream",
      etag: (info.etag ?? "").replaceAll('"', ""),
      versionId: null,
      sha256: null,
      encryption: "unverifiable",
      lastModified: new Date(info.lastModified ?? info.createdAt),
    };
  } catch (error) {
    if (error instanceof StoreError && error.code === "not_found") return null;
    throw error;
  }
}
