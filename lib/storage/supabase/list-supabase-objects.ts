import { CONTROL_OBJECT_KEY } from "@/lib/storage/check-requests";
import type { ListRequest, ObjectPage } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";
import { assertControlSeen } from "@/lib/storage/supabase/find-object";
import { answered, type SupabaseBucket } from "@/lib/storage/supabase/supabase-client";

/**
 * One page, at most 1000 (the server's own cap, which it applies in silence). An empty page is believed only after the
 * control object was seen through the same door: a key without rights is answered with an empty list.
 */
export async function listSupabaseObjects(
  target: SupabaseBucket,
  { prefix, limit, cursor }: ListRequest,
): Promise<ObjectPage> {
  const { objects, nextCursor } = await page(target, { prefix, limit, ...(cursor === undefined ? {} : { cursor }) });
  if (objects.length === 0) await assertControlListed(target);
  return { objects: objects.filter(({ key }) => key !== CONTROL_OBJECT_KEY), nextCursor };
}

async function assertControlListed(target: SupabaseBucket): Promise<void> {
  await assertControlSeen(target);
  const { objects } = await page(target, { prefix: CONTROL_OBJECT_KEY, limit: 1 });
  if (objects.length === 0) throw new StoreError("integrity", "The store does not list an object that exists.");
}

async function page(
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
