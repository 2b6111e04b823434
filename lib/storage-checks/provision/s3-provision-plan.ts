import {
  HeadBucketCommand,
  GetBucketCorsCommand,
  PutBucketCorsCommand,
  type CORSRule,
  GetObjectLockConfigurationCommand,
  PutObjectLockConfigurationCommand,
  type DefaultRetention,
} from "@aws-sdk/client-s3";
import {
  bucketStep,
  encryptionStep,
  publicAccessStep,
  versioningStep,
} from "@/lib/storage-checks/provision/bucket-steps";
import { lifecycleSteps } from "@/lib/storage-checks/provision/lifecycle-steps";
import { policySteps } from "@/lib/storage-checks/provision/policy-steps";
import {
  neverSent,
  unreadableStep,
  type ProvisionStep,
  type ProvisionTarget,
  idleStep,
  orNull,
  stepOf,
} from "@/lib/storage-checks/provision/provision-step";
import { makeS3Client } from "@/lib/storage/s3/s3-client";
import { type S3BucketControl, S3_CONTROLS } from "@/lib/storage/s3/s3-controls";
import { toS3StoreError } from "@/lib/storage/s3/s3-error";
import { StoreError } from "@/lib/storage/store-error";
import type { S3StoreConfig } from "@/lib/storage/store-config";

const RULE_ID = "custodia-portal";

const text = ({ AllowedOrigins = [], AllowedMethods = [], ExposeHeaders = [] }: CORSRule) =>
  [AllowedOrigins, AllowedMethods, ExposeHeaders].map((values) => values.map(String).toSorted().join(",")).join(" ");

type Reading = [
  controls: readonly S3BucketControl[],
  read: (target: ProvisionTarget) => Promise<ProvisionStep | ProvisionStep[]>,
];

/** In the order in which they are applied. Each needs its own right, so a refusal affects only its settings. */
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

/** Compares the settings of a live S3 bucket with the wanted ones. @throws errors of the SDK */
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

/** Lets only pages of the portal upload to the bucket and play from it; other rules stay unchanged. */
async function corsStep({ client, config, exists, portalOrigin }: ProvisionTarget): Promise<ProvisionStep> {
  const cannot = S3_CONTROLS[config.profile].cors;
  if (cannot) return idleStep("cors", "cannot", cannot);
  const Bucket = config.bucket;
  const live = exists ? ((await orNull(() => client.send(new GetBucketCorsCommand({ Bucket }))))?.CORSRules ?? []) : [];
  const rule: CORSRule = {
    ID: RULE_ID,
    AllowedOrigins: [portalOrigin],
    AllowedMethods: ["GET", "PUT", "HEAD"],
    AllowedHeaders: ["*"],
    ExposeHeaders: ["ETag", "Content-Range", "Accept-Ranges", "Content-Length", "x-amz-version-id"],
    MaxAgeSeconds: 3600,
  };
  const found = live.find(({ ID }) => ID === RULE_ID);
  const CORSRules = [...live.filter(({ ID }) => ID !== RULE_ID), rule];
  return stepOf("cors", found ? text(found) : "off", text(rule), () =>
    client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } })),
  );
}

/**
 * Object Lock, with which the portal places and releases legal holds, without default retention: that would lock every
 * recording until a date other than its own, in the mode COMPLIANCE without any exception.
 */
async function objectLockSteps({ client, config, exists }: ProvisionTarget): Promise<ProvisionStep[]> {
  const { object_lock: noLock, default_retention: noRetention } = S3_CONTROLS[config.profile];
  if (noLock)
    return [idleStep("object_lock", "cannot", noLock), idleStep("default_retention", "cannot", noRetention ?? noLock)];
  const ObjectLockConfiguration = { ObjectLockEnabled: "Enabled" as const };
  const read = async () =>
    (await orNull(() => client.send(new GetObjectLockConfigurationCommand({ Bucket: config.bucket }))))
      ?.ObjectLockConfiguration;
  const write = () =>
    client.send(new PutObjectLockConfigurationCommand({ Bucket: config.bucket, ObjectLockConfiguration }));
  const live = exists ? await read() : undefined;
  // A new bucket has the lock already; only Amazon can add it to an existing one.
  const enable = async () => ((await read())?.ObjectLockEnabled === "Enabled" ? undefined : write());
  const lock = config.objectLock
    ? stepOf("object_lock", live?.ObjectLockEnabled ?? "off", "Enabled", enable)
    : idleStep("object_lock", "not_asked", "S3_OBJECT_LOCK=false");
  return [lock, stepOf("default_retention", retentionText(live?.Rule?.DefaultRetention), "none", write)];
}

function retentionText(retention: DefaultRetention | undefined): string {
  if (!retention?.Mode) return "none";
  return retention.Years
    ? `${retention.Mode}, ${retention.Years} years`
    : `${retention.Mode}, ${retention.Days ?? 0} days`;
}
