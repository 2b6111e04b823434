import type { S3StoreConfig } from "@/lib/storage/store-config";
import { s3Environment } from "./s3-environment";

/** Makes this bucket the store of the portal. Call it before anything reads the environment. */
export function configureS3(config: S3StoreConfig, changes: Record<string, string> = {}): void {
  Object.assign(process.env, s3Environment(config), changes);
}
