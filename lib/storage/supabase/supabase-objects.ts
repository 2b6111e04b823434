import { CONTROL_OBJECT_KEY } from "@/lib/storage/request-checks";
import type { ObjectFacts, ObjectPage } from "@/lib/storage/object-facts";
import type { ListRequest } from "@/lib/storage/store-requests";
import { StoreError } from "@/lib/storage/store-error";
import { answered, type SupabaseBucket } from "@/lib/storage/supabase/supabase-client";

/**
 * The facts of an object. Null if the store answers `NoSuchKey` and the same call shows the control object: a service
 * key without rights gets `NoSuchKey` for every object.
 * @throws StoreError `integrity` if the control object is missing too; `forbidden`, `unavailable` and others.
 */
export async function findSupabaseObject(target: SupabaseBucket, key: string): Promise<ObjectFacts | null> {
  const facts = await readFacts(target, key);
  if (!facts) await assertControl(target);
  return facts;
}

/** @throws StoreError `integrity`, or the error with which the control object could not be created. */
export async function assertControl(target: SupabaseBucket): Promise<void> {
  if (await readFacts(target, CONTROL_OBJECT_KEY)) return;
  // Missing or hidden. A service key that can create and then read it has the rights that make an empty answer a proof.
  const options = { contentType: "audio/wav", upsert: true };
  await answered(target.files.upload(CONTROL_OBJECT_KEY, new Uint8Array(), options));
  if (!(await readFacts(target, CONTROL_OBJECT_KEY)))
    throw new StoreError("integrity", "The store does not show an object that exists.");
}

async function readFacts(target: SupabaseBucket, key: string): Promise<ObjectFacts | null> {
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

/**
 * One page of at most 1000 objects; the server cuts a larger limit without an error. An empty page counts only if the
 * same call lists the control object: a key without rights gets an empty list.
 */
export async function listSupabaseObjects(
  target: SupabaseBucket,
  { prefix, limit, cursor }: ListRequest,
): Promise<ObjectPage> {
  const { objects, nextCursor } = await readPage(target, {
    prefix,
    limit,
    ...(cursor === undefined ? {} : { cursor }),
  });
  if (objects.length === 0) await assertControlListed(target);
  return { objects: objects.filter(({ key }) => key !== CONTROL_OBJECT_KEY), nextCursor };
}

async function assertControlListed(target: SupabaseBucket): Promise<void> {
  await assertControl(target);
  const { objects } = await readPage(target, { prefix: CONTROL_OBJECT_KEY, limit: 1 });
  if (objects.length === 0) throw new StoreError("integrity", "The store does not list an object that exists.");
}

async function readPage(
  target: SupabaseBucket,
  request: { prefix: string; limit: number; cursor?: string },
): Promise<ObjectPage> {
  const answer = await answered(target.files.listV2({ ...request, with_delimiter: false }));
  if (answer.hasNext && !answer.nextCursor)
    throw new StoreError("integrity", "The store reports more objects but no cursor.");
  return {
    objects: answer.objects.map(({ name, key, metadata, updated_at: updatedAt }) => ({
      key: key ?? name,
      sizeBytes: sizeOf(metadata),
      lastModified: new Date(updatedAt),
    })),
    nextCursor: answer.hasNext ? answer.nextCursor! : null,
  };
}

function sizeOf(metadata: Record<string, unknown> | null): number {
  return typeof metadata?.size === "number" ? metadata.size : 0;
}
