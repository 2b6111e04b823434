import type { StoreUnderTrial } from "@/lib/storage/check/trial";
import type { StorageControlResult } from "@/lib/db/schema/storage-checks";
import { planProvision } from "@/lib/storage/provision/plan-provision";
import { StoreError } from "@/lib/storage/store-error";

/** Settings that only time would show at work, or of which a trial shows a part: read back and compared. The others are tried. */
export const S3_SETTINGS = ["bucket_encryption", "public_access_block", "versioning", "object_lock", "default_retention", "lifecycle_unfinished_uploads", "lifecycle_delete_markers", "lifecycle_old_versions", "lifecycle_by_age"];
export const SUPABASE_SETTINGS = ["private_bucket", "size_limit", "declared_types", "versioning", "object_lock", "bucket_encryption", "tls_only", "cors", "lifecycle_unfinished_uploads", "lifecycle_by_age"];

const OUTCOMES = { as_wanted: "holds", change: "fails", cannot: "unsupported", not_asked: "unsupported" } as const;
const DETAILS = { as_wanted: null, change: "not_as_provisioned", cannot: "store_cannot", not_asked: "not_asked" } as const;

/** The settings of the bucket as the provisioning sees them; unknown where these keys may not read them. */
export async function readBack({ bucket, portalOrigin }: Pick<StoreUnderTrial, "bucket" | "portalOrigin">): Promise<StorageControlResult[]> {
  if (!bucket) return [];
  const settings = bucket.kind === "s3" ? S3_SETTINGS : SUPABASE_SETTINGS;
  const allUnknown = (detail: string) => settings.map((control): StorageControlResult => ({ control, outcome: "unknown", detail }));
  try {
    const plan = await planProvision(bucket, portalOrigin);
    if (plan.some(({ control, state }) => control === "bucket" && state === "change")) return allUnknown("no_bucket");
    const steps = plan.filter(({ control }) => settings.includes(control));
    return steps.map(({ control, state }) => ({ control, outcome: OUTCOMES[state], detail: DETAILS[state] }));
  } catch (error) {
    // The portal's own user may not read the settings: whoever provisions sees them.
    return allUnknown(error instanceof StoreError ? error.code : "failed");
  }
}
