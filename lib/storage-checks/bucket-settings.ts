import type { CheckedStore } from "@/lib/storage-checks/check";
import type { StorageControlResult } from "@/lib/db/schema/storage-checks";
import type { ProvisionStep } from "@/lib/storage-checks/provision/provision-step";
import { planProvision } from "@/lib/storage-checks/provision/provision-plan";
import { StoreError } from "@/lib/storage/store-error";

/** Settings that are read and compared, because a check cannot show them, or only partly. All others are checked. */
export const S3_SETTINGS = [
  "bucket_encryption",
  "public_access_block",
  "tls_only",
  "encrypted_puts_only",
  "right_key_only",
  "versioning",
  "object_lock",
  "default_retention",
  "lifecycle_unfinished_uploads",
  "lifecycle_delete_markers",
  "lifecycle_old_versions",
  "lifecycle_by_age",
  "lifecycle_by_tag",
];
export const SUPABASE_SETTINGS = [
  "private_bucket",
  "size_limit",
  "declared_types",
  "versioning",
  "object_lock",
  "bucket_encryption",
  "tls_only",
  "cors",
  "lifecycle_unfinished_uploads",
  "lifecycle_by_age",
];

const VERDICTS = {
  as_wanted: { outcome: "holds", detail: null },
  change: { outcome: "fails", detail: "not_as_provisioned" },
  cannot: { outcome: "unsupported", detail: "store_cannot" },
  not_asked: { outcome: "unsupported", detail: "not_asked" },
  declined: { outcome: "unsupported", detail: "declined" },
} as const;

const verdictOn = ({ state, found }: ProvisionStep) =>
  state === "unreadable" ? ({ outcome: "unknown", detail: found } as const) : VERDICTS[state];

/**
 * Compares the settings of the bucket with the provisioning plan. `unknown`: the portal's keys may not read a setting.
 */
export async function readBack({
  bucket,
  portalOrigin,
}: Pick<CheckedStore, "bucket" | "portalOrigin">): Promise<StorageControlResult[]> {
  if (!bucket) return [];
  const settings = bucket.kind === "s3" ? S3_SETTINGS : SUPABASE_SETTINGS;
  const allUnknown = (detail: string) =>
    settings.map((control): StorageControlResult => ({ control, outcome: "unknown", detail }));
  try {
    const plan = await planProvision(bucket, portalOrigin);
    if (plan.some(({ control, state }) => control === "bucket" && state === "change")) return allUnknown("no_bucket");
    const steps = plan.filter(({ control }) => settings.includes(control));
    return steps.map((step) => ({ control: step.control, ...verdictOn(step) }));
  } catch (error) {
    return allUnknown(error instanceof StoreError ? error.code : "failed");
  }
}
