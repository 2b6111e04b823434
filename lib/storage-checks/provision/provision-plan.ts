import { planS3Provision } from "@/lib/storage-checks/provision/s3-provision-plan";
import { planSupabaseProvision } from "@/lib/storage-checks/provision/supabase-provision-plan";
import type { ProvisionStep } from "@/lib/storage-checks/provision/provision-step";
import { toS3StoreError } from "@/lib/storage/s3/s3-error";
import { StoreError, type StoreErrorCode } from "@/lib/storage/store-error";
import type { BucketConfig } from "@/lib/storage/store-config";

/**
 * Compares each setting of the live bucket with the wanted one, in the order in which they are applied. Changes
 * nothing.
 * @throws StoreError if the bucket cannot be read, for example because it belongs to another account.
 */
export async function planProvision(config: BucketConfig, portalOrigin: string): Promise<ProvisionStep[]> {
  try {
    return await (config.kind === "supabase" ? planSupabaseProvision(config) : planS3Provision(config, portalOrigin));
  } catch (error) {
    throw toS3StoreError(error);
  }
}

/**
 * Applies the steps that change something, in order. Each is safe to repeat.
 * @throws StoreError before any change, if a setting could not be read.
 */
export async function applyProvision(steps: readonly ProvisionStep[]): Promise<void> {
  const unreadable = steps.find(({ state }) => state === "unreadable");
  if (unreadable)
    throw new StoreError(unreadable.found as StoreErrorCode, `${unreadable.control}: it could not be read.`);
  for (const step of steps) {
    try {
      if (step.state === "change") await step.apply();
    } catch (error) {
      const failure = toS3StoreError(error);
      throw failure instanceof StoreError
        ? new StoreError(failure.code, `${step.control}: ${failure.message}`, { cause: error })
        : failure;
    }
  }
}
