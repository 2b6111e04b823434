import { HeadBucketCommand } from "@aws-sdk/client-s3";
import { bucketStep, encryptionStep, publicAccessStep, versioningStep } from "@/lib/storage/provision/bucket-steps";
import { corsStep } from "@/lib/storage/provision/cors-step";
import { lifecycleSteps } from "@/lib/storage/provision/lifecycle-steps";
import { objectLockSteps } from "@/lib/storage/provision/object-lock-steps";
import { policySteps } from "@/lib/storage/provision/policy-steps";
import type { ProvisionStep } from "@/lib/storage/provision/provision-step";
import { makeS3Client } from "@/lib/storage/s3/s3-client";
import { toS3StoreError } from "@/lib/storage/s3/s3-error";
import { StoreError } from "@/lib/storage/store-error";
import type { S3StoreConfig } from "@/lib/storage/store-config";

/** How the settings of a live S3 bucket differ from what the installation wants. @throws what the SDK throws. */
export async function planS3Provision(config: S3StoreConfig, portalOrigin: string): Promise<ProvisionStep[]> {
  const client = makeS3Client(config);
  const exists = await bucketExists(client, config.bucket);
  const target = { client, config, portalOrigin, exists };
  const steps = [bucketStep(target), await versioningStep(target), ...(await objectLockSteps(target)), await encryptionStep(target), await publicAccessStep(target)];
  return [...steps, ...(await policySteps(target)), await corsStep(target), ...(await lifecycleSteps(target))];
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
