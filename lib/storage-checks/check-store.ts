import { linkChecks } from "@/lib/storage-checks/link-checks";
import { objectChecks } from "@/lib/storage-checks/object-checks";
import { readBack } from "@/lib/storage-checks/read-back";
import { s3Checks } from "@/lib/storage-checks/s3-checks";
import { supabaseChecks } from "@/lib/storage-checks/supabase-checks";
import { runCheck, type CheckedStore, type Check, fails, holds, type BucketCheck } from "@/lib/storage-checks/check";
import type { StorageControlResult } from "@/lib/db/schema/storage-checks";
import { newId } from "@/lib/core/new-id";
import { smallObject } from "@/lib/storage-checks/request";
import { makeS3Client } from "@/lib/storage/s3/s3-client";
import { createObjectStore } from "@/lib/storage/store-from-config";
import type { BucketConfig } from "@/lib/storage/store-config";
import { StoreError } from "@/lib/storage/store-error";

/**
 * The portal's own calls with another secret, on an object that is certainly there: refused, and never answered as if
 * nothing were there. An adapter that took a key without rights for an empty bucket would prove deletions that never
 * happened.
 */
const anotherKeyCheck: BucketCheck<BucketConfig> = async (config, under) => {
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

/** Every check for this kind of store, by the name of its control. */
function checksFor({ bucket }: Pick<CheckedStore, "bucket">): Array<[string, Check]> {
  const common = Object.entries({ ...linkChecks, ...objectChecks });
  if (!bucket) return common;
  const ofKind: Array<[string, Check]> =
    bucket.kind === "s3"
      ? Object.entries(s3Checks).map(([control, check]) => [control, (under) => check(bucket, under)])
      : Object.entries(supabaseChecks).map(([control, check]) => [control, (under) => check(bucket, under)]);
  return [...common, ...ofKind, ["another_key_refused", (under) => anotherKeyCheck(bucket, under)]];
}

/**
 * Tries each control on the live store, and takes away what it made. Takes a few seconds; makes some 150 requests.
 * Never throws: what could not be tried is `unknown`. Nothing is written to a bucket that would lock it for a time.
 */
export async function checkStore(target: Omit<CheckedStore, "newKey" | "settings">): Promise<StorageControlResult[]> {
  const settings = await readBack(target);
  const checks = checksFor(target);
  if (settings.some(({ control, outcome }) => control === "default_retention" && outcome === "fails")) {
    return [
      ...checks.map(([control]): StorageControlResult => ({ control, outcome: "unknown", detail: "would_be_locked" })),
      ...settings,
    ];
  }
  const keys: string[] = [];
  const run = newId();
  const newKey = () => {
    keys.push(`custodia-check/${run}/${keys.length}`);
    return keys.at(-1)!;
  };
  const under = { ...target, newKey, settings };
  const results = await Promise.all(checks.map(([control, check]) => runCheck(control, check, under)));
  const cleaned = await runCheck(
    "check_cleans_up",
    async () => {
      for (const key of keys) await target.store.deleteAllVersions(key);
      const left = await target.store.list({ prefix: `custodia-check/${run}/`, limit: 1 });
      return left.objects.length === 0
        ? { outcome: "holds", detail: null }
        : { outcome: "fails", detail: "something_left" };
    },
    under,
  );
  return [...results, ...settings, cleaned];
}

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
