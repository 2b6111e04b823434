import { HeadBucketCommand } from "@aws-sdk/client-s3";
import { bucketStep, encryptionStep, objectLockStep, publicAccessStep, versioningStep } from "@/lib/storage/provision/bucket-steps";
import { corsStep } from "@/lib/storage/provision/cors-step";
import { lifecycleSteps } from "@/lib/storage/provision/lifecycle-steps";
import { policySteps } from "@/lib/storage/provision/policy-steps";
import type { ProvisionStep } from "@/lib/storage/provision/provision-step";
import { makeS3Client } from "@/lib/storage/s3/s3-client";
import { toS3StoreError } from "@/lib/storage/s3/s3-error";
import { StoreError } from "@/lib/storage/store-error";
import type { S3StoreConfig } from "@/lib/storage/store-config";

/**
 * Reads the live bucket and answers, in the order in which they are to be applied, how each setting differs from what the
 * installation wants. Nothing is changed until a step's `apply`.
 * @throws StoreError when the bucket cannot be read: also one of somebody else's.
 */
export async function planProvision(config: S3StoreConfig, portalOrigin: string): Promise<ProvisionStep[]> {
  const client = makeS3Client(config);
  try {
    const exists = await bucketExists(client, config.bucket);
    const target = { client, config, portalOrigin, exists };
    const steps = [bucketStep(target), await versioningStep(target), await objectLockStep(target), await encryptionStep(target), await publicAccessStep(target)];
    return [...steps, ...(await policySteps(target)), await corsStep(target), ...(await lifecycleSteps(target))];
  } catch (error) {
    throw toS3StoreError(error);
  }
}

/** Applies what differs, in order; each step is safe to repeat. */
export async function applyProvision(steps: readonly ProvisionStep[]): Promise<void> {
  for (const step of steps) {
    try {
      if (step.state === "change") await step.apply();
    } catch (error) {
      const failure = toS3StoreError(error);
      throw failure instanceof StoreError ? new StoreError(failure.code, `${step.control}: ${failure.message}`, { cause: error }) : failure;
    }
  }
}

async function bucketExists(client: ReturnType<typeof makeS3Client>, bucket: string): Promise<boolean> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
    return true;
  } catch (error) {
    const failure = toS3StoreError(error);
    if (failure instanceof StoreError && failure.code === "not_found") return false;
    throw failure;
  }
}
