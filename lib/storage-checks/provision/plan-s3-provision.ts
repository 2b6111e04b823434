import { HeadBucketCommand } from "@aws-sdk/client-s3";
import {
  bucketStep,
  encryptionStep,
  publicAccessStep,
  versioningStep,
} from "@/lib/storage-checks/provision/bucket-steps";
import { corsStep } from "@/lib/storage-checks/provision/cors-step";
import { lifecycleSteps } from "@/lib/storage-checks/provision/lifecycle-steps";
import { objectLockSteps } from "@/lib/storage-checks/provision/object-lock-steps";
import { policySteps } from "@/lib/storage-checks/provision/policy-steps";
import {
  neverSent,
  unreadableStep,
  type ProvisionStep,
  type ProvisionTarget,
} from "@/lib/storage-checks/provision/provision-step";
import { makeS3Client } from "@/lib/storage/s3/s3-client";
import type { S3BucketControl } from "@/lib/storage/s3/s3-controls";
import { toS3StoreError } from "@/lib/storage/s3/s3-error";
import { StoreError } from "@/lib/storage/store-error";
import type { S3StoreConfig } from "@/lib/storage/store-config";

type Reading = [
  controls: readonly S3BucketControl[],
  read: (target: ProvisionTarget) => Promise<ProvisionStep | ProvisionStep[]>,
];

/** In the order in which they are applied. Each is one right of its own: a refusal spoils the settings of one. */
const READINGS: readonly Reading[] = [
  [["versioning"], versioningStep],
  [["object_lock", "default_retention"], objectLockSteps],
  [["bucket_encryption"], encryptionStep],
  [["public_access_block"], publicAccessStep],
  [["tls_only", "encrypted_puts_only", "right_key_only"], policySteps],
  [["cors"], corsStep],
  [
    [
      "lifecycle_unfinished_uploads",
      "lifecycle_delete_markers",
      "lifecycle_old_versions",
      "lifecycle_by_age",
      "lifecycle_by_tag",
    ],
    lifecycleSteps,
  ],
];

/** How the settings of a live S3 bucket differ from what the installation wants. @throws what the SDK throws. */
export async function planS3Provision(config: S3StoreConfig, portalOrigin: string): Promise<ProvisionStep[]> {
  const client = makeS3Client(config);
  const exists = await bucketExists(client, config.bucket);
  const target = { client, config, portalOrigin, exists };
  return [bucketStep(target), ...(await Promise.all(READINGS.map((reading) => stepsOf(reading, target)))).flat()];
}

async function stepsOf([controls, read]: Reading, target: ProvisionTarget): Promise<ProvisionStep[]> {
  try {
    return [await read(target)].flat();
  } catch (error) {
    const failure = toS3StoreError(error);
    if (!(failure instanceof StoreError)) throw failure;
    return controls.map((control) => neverSent(control, target.config) ?? unreadableStep(control, failure.code));
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
