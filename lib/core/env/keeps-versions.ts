import { S3_PROFILES } from "@/lib/core/env/s3-profiles";
import type { S3StoreConfig } from "@/lib/storage/store-config";

/** Whether the bucket is counted on to keep versions: the server can, and the settings do not say no; of an unknown server they have to say yes. */
export function keepsVersions({ profile, versioning }: Pick<S3StoreConfig, "profile" | "versioning">): boolean {
  const { capabilities, versionsAssumed } = S3_PROFILES[profile];
  return capabilities.versioning && (versioning ?? versionsAssumed);
}
