import {
  GetObjectLockConfigurationCommand,
  PutObjectLockConfigurationCommand,
  type DefaultRetention,
} from "@aws-sdk/client-s3";
import {
  idleStep,
  orNull,
  stepOf,
  type ProvisionStep,
  type ProvisionTarget,
} from "@/lib/storage-checks/provision/provision-step";
import { S3_CONTROLS } from "@/lib/storage/s3/s3-controls";

/**
 * Object Lock, by which the portal sets and takes off legal holds, and no default retention beside it: that would lock
 * every recording until a date which is not its own, and in the mode COMPLIANCE nobody could delete it before.
 */
export async function objectLockSteps({ client, config, exists }: ProvisionTarget): Promise<ProvisionStep[]> {
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
  // A bucket that was just made has the lock already; an old one takes it on Amazon alone.
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
