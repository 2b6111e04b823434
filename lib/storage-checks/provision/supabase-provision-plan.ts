import { acceptedAudioTypes } from "@/lib/core/accepted-audio-types";
import { idleStep, stepOf, type ProvisionStep } from "@/lib/storage-checks/provision/provision-step";
import type { SupabaseStoreConfig } from "@/lib/storage/store-config";
import { StoreError } from "@/lib/storage/store-error";
import { answered, openSupabaseBucket, type SupabaseBucket } from "@/lib/storage/supabase/supabase-client";

/** Types of other objects: audit seals and the ledger; sealed objects. */
const OTHER_TYPES = ["application/json", "application/octet-stream"];

/** Settings of S3 buckets that Supabase Storage does not support. */
const CANNOT = [
  ["versioning", "Supabase Storage keeps one version: the portal moves recordings to a key without any link"],
  ["object_lock", "Supabase Storage has no lock: only the portal enforces legal holds"],
  [
    "bucket_encryption",
    "Supabase Storage reports no encryption: set RECORDING_ENCRYPTION=envelope to encrypt before it",
  ],
  ["tls_only", "Supabase Storage has no policy for it: its address must begin with https"],
  ["cors", "Supabase Storage answers pages of every origin; only a signed link gives access"],
  [
    "lifecycle_unfinished_uploads",
    "Supabase Storage has no lifecycle rules: the reconcile job sweeps abandoned uploads",
  ],
  ["lifecycle_by_age", "Supabase Storage has no lifecycle rules: only the portal deletes"],
] as const;

/**
 * Compares a live bucket with a private one that limits sizes and declared types. The portal still checks each upload:
 * the store does not measure a body without a length, and trusts the declared type.
 * @throws StoreError, for example `forbidden` for a key without rights.
 */
export async function planSupabaseProvision(config: SupabaseStoreConfig): Promise<ProvisionStep[]> {
  const target = openSupabaseBucket(config);
  const found = await findBucket(target);
  const wanted = {
    public: false,
    fileSizeLimit: config.maxUploadBytes,
    allowedMimeTypes: [...Object.keys(acceptedAudioTypes), ...OTHER_TYPES],
  };
  const create = () => write(target.buckets.createBucket(config.bucket, wanted));
  const update = () => write(target.buckets.updateBucket(config.bucket, wanted));
  return [
    stepOf("bucket", found ? "exists" : "missing", "exists", create),
    stepOf("private_bucket", found ? (found.public ? "public" : "private") : "–", "private", update),
    stepOf("size_limit", bytes(found?.fileSizeLimit), bytes(wanted.fileSizeLimit), update),
    stepOf("declared_types", types(found?.allowedMimeTypes), types(wanted.allowedMimeTypes), update),
    ...CANNOT.map(([control, why]) => idleStep(control, "cannot", why)),
  ];
}

async function write(request: Parameters<typeof answered>[0]): Promise<void> {
  try {
    await answered(request);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "too_large") throw error;
    throw new StoreError(
      "too_large",
      "The limit of the project is lower: raise it, or set SUPABASE_MAX_UPLOAD_BYTES to it.",
      { cause: error },
    );
  }
}

async function findBucket({ buckets, bucket }: SupabaseBucket) {
  try {
    const found = await answered(buckets.getBucket(bucket));
    return {
      public: found.public,
      fileSizeLimit: found.file_size_limit ?? null,
      allowedMimeTypes: found.allowed_mime_types ?? null,
    };
  } catch (error) {
    // The answer for a missing bucket, and to an expired key. An expired key is refused when it creates the bucket.
    if (error instanceof StoreError && (error.cause as { code?: string } | undefined)?.code === "NoSuchBucket")
      return null;
    throw error;
  }
}

const bytes = (limit: number | null | undefined) => (limit ? `${limit} bytes` : "none");
const types = (allowed: string[] | null | undefined) => (allowed?.length ? allowed.toSorted().join(", ") : "any");
