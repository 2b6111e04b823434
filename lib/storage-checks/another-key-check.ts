import { smallObject } from "@/lib/storage-checks/request";
import { fails, holds, type BucketCheck } from "@/lib/storage-checks/check";
import { makeS3Client } from "@/lib/storage/s3/s3-client";
import { createObjectStore } from "@/lib/storage/store-from-config";
import type { BucketConfig } from "@/lib/storage/store-config";
import { StoreError } from "@/lib/storage/store-error";

/**
 * The portal's own calls with another secret, on an object that is certainly there: refused, and never answered as if
 * nothing were there. An adapter that took a key without rights for an empty bucket would prove deletions that never
 * happened.
 */
export const anotherKeyCheck: BucketCheck<BucketConfig> = async (config, under) => {
  const key = await smallObject(under);
  const other = createObjectStore(await withAnotherSecret(config));
  for (const ask of [
    () => other.head(key),
    () => other.proveAbsence(under.newKey()),
    () => other.list({ prefix: "custodia-check/", limit: 1 }),
  ]) {
    try {
      await ask();
      return fails("answered");
    } catch (error) {
      if (!(error instanceof StoreError) || !["forbidden", "unavailable"].includes(error.code)) throw error;
    }
  }
  return (await under.store.head(key)) ? holds() : fails("control_lost");
};

async function withAnotherSecret(config: BucketConfig): Promise<BucketConfig> {
  if (config.kind === "supabase") return { ...config, serviceKey: spoiled(config.serviceKey) };
  const client = makeS3Client(config);
  try {
    const { accessKeyId, secretAccessKey, sessionToken } = await client.config.credentials();
    return { ...config, credentials: { accessKeyId, secretAccessKey: spoiled(secretAccessKey), sessionToken } };
  } finally {
    client.destroy();
  }
}

/** One letter in its last part is another; in the very last of base64 not every bit counts. */
function spoiled(secret: string): string {
  const at = secret.length - 4;
  return `${secret.slice(0, at)}${secret[at] === "A" ? "B" : "A"}${secret.slice(at + 1)}`;
}
