import type { Env } from "@/lib/core/env";
import { s3ConfigOf } from "@/lib/storage/s3/s3-config-of";
import type { BucketConfig } from "@/lib/storage/store-config";

/** The bucket of an installation, which can be provisioned and checked; null where recordings lie on the disk. */
export function bucketConfig(settings: Env): BucketConfig | null {
  if (settings.STORE === "disk") return null;
  if (settings.STORE === "s3") return s3ConfigOf(settings);
  const {
    SUPABASE_URL: url,
    SUPABASE_SERVICE_KEY: serviceKey,
    SUPABASE_BUCKET: bucket,
    SUPABASE_MAX_UPLOAD_BYTES: maxUploadBytes,
  } = settings;
  return { kind: "supabase", url, serviceKey, bucket, maxUploadBytes };
}
