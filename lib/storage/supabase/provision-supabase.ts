import { acceptedAudioTypes } from "@/lib/audio/accepted-audio-types";
import type { SupabaseStoreConfig } from "@/lib/storage/store-config";
import { StoreError } from "@/lib/storage/store-error";
import { answered, openSupabaseBucket, type SupabaseBucket } from "@/lib/storage/supabase/supabase-client";

/** One setting of the bucket that is not as it should be. `found` is null where there is no bucket. */
export type BucketDifference = { setting: "public" | "fileSizeLimit" | "allowedMimeTypes"; found: string | null; wanted: string };

/** Beside recordings: seals and the ledger, and what the portal sealed itself. */
const otherTypes = ["application/json", "application/octet-stream"];

/**
 * Makes the bucket, or repairs it: private, with a limit of size and of declared types. Answers what was different; with `dryRun`
 * nothing is changed. Both limits are no proof (a body without a length is not measured, the type is what the sender says).
 * @throws StoreError, for example `forbidden` for a key that may not.
 */
export async function provisionSupabase(config: SupabaseStoreConfig, { maxObjectBytes, dryRun }: { maxObjectBytes: number; dryRun: boolean }): Promise<BucketDifference[]> {
  const target = openSupabaseBucket(config);
  const wanted = { public: false, fileSizeLimit: maxObjectBytes, allowedMimeTypes: [...Object.keys(acceptedAudioTypes), ...otherTypes] };
  const found = await findBucket(target);
  const differences = (["public", "fileSizeLimit", "allowedMimeTypes"] as const)
    .map((setting) => ({ setting, found: found && text(found[setting]), wanted: text(wanted[setting]) }))
    .filter((setting) => setting.found !== setting.wanted);
  if (dryRun || differences.length === 0) return differences;
  if (found) await answered(target.buckets.updateBucket(config.bucket, wanted));
  else await answered(target.buckets.createBucket(config.bucket, wanted));
  return differences;
}

async function findBucket({ buckets, bucket }: SupabaseBucket) {
  try {
    const found = await answered(buckets.getBucket(bucket));
    return { public: found.public, fileSizeLimit: found.file_size_limit ?? null, allowedMimeTypes: found.allowed_mime_types ?? null };
  } catch (error) {
    // Said of a missing bucket, and to a key that expired: who may not make it either is refused then.
    if (error instanceof StoreError && (error.cause as { code?: string } | undefined)?.code === "NoSuchBucket") return null;
    throw error;
  }
}

const text = (value: boolean | number | string[] | null) => (Array.isArray(value) ? value.toSorted().join(", ") : String(value));
