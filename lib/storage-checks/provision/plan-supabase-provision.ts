import { acceptedAudioTypes } from "@/lib/core/accepted-audio-types";
import { idleStep, stepOf, type ProvisionStep } from "@/lib/storage-checks/provision/provision-step";
import type { SupabaseStoreConfig } from "@/lib/storage/store-config";
import { StoreError } from "@/lib/storage/store-error";
import { answered, openSupabaseBucket, type SupabaseBucket } from "@/lib/storage/supabase/supabase-client";

/** Beside recordings: seals and the ledger, and what the portal sealed itself. */
const OTHER_TYPES = ["application/json", "application/octet-stream"];

/** What an S3 bucket may have and this one never has, so that nobody looks for it. */
const CANNOT = [
  ["versioning", "Supabase Storage keeps one version: a recording is moved to a key for which no link was ever made"],
  ["object_lock", "Supabase Storage has no lock: legal holds are kept by the portal alone"],
  ["bucket_encryption", "Supabase Storage reports no encryption: RECORDING_ENCRYPTION=envelope encrypts before it"],
  ["tls_only", "Supabase Storage has no policy for it: its address must begin with https"],
  ["cors", "Supabase Storage answers pages of every origin; its links are the only authority"],
  [
    "lifecycle_unfinished_uploads",
    "Supabase Storage has no lifecycle rules: the reconciliation sweeps what links leave behind",
  ],
  ["lifecycle_by_age", "Supabase Storage has no lifecycle rules: only the portal deletes"],
] as const;

/**
 * How a live bucket differs from a private one with a limit of size and of declared types. Both limits are no proof (a
 * body without a length is not measured, the type is what the sender says): the portal looks at what arrived.
 * @throws StoreError, for example `forbidden` for a key that may not.
 */
export async function planSupabaseProvision(config: SupabaseStoreConfig): Promise<ProvisionStep[]> {
  const target = openSupabaseBucket(config);
  const found = await findBucket(target);
  const wanted = {
    public: false,
    fileSizeLimit: config.maxUploadBytes,
    allowedMimeTypes: [...Object.keys(acceptedAudioTypes), ...OTHER_TYPES],
  };
  const create = () => written(target.buckets.createBucket(config.bucket, wanted));
  const update = () => written(target.buckets.updateBucket(config.bucket, wanted));
  return [
    stepOf("bucket", found ? "exists" : "missing", "exists", create),
    stepOf("private_bucket", found ? (found.public ? "public" : "private") : "–", "private", update),
    stepOf("size_limit", bytes(found?.fileSizeLimit), bytes(wanted.fileSizeLimit), update),
    stepOf("declared_types", types(found?.allowedMimeTypes), types(wanted.allowedMimeTypes), update),
    ...CANNOT.map(([control, why]) => idleStep(control, "cannot", why)),
  ];
}

async function written(asking: Parameters<typeof answered>[0]): Promise<void> {
  try {
    await answered(asking);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "too_large") throw error;
    throw new StoreError(
      "too_large",
      "The project's own limit is lower: raise it, or set SUPABASE_MAX_UPLOAD_BYTES to it.",
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
    // Said of a missing bucket, and to a key that expired: who may not make it either is refused then.
    if (error instanceof StoreError && (error.cause as { code?: string } | undefined)?.code === "NoSuchBucket")
      return null;
    throw error;
  }
}

const bytes = (limit: number | null | undefined) => (limit ? `${limit} bytes` : "none");
const types = (allowed: string[] | null | undefined) => (allowed?.length ? allowed.toSorted().join(", ") : "any");
