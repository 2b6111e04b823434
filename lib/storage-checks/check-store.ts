import { linkChecks } from "@/lib/storage-checks/link-checks";
import { objectChecks } from "@/lib/storage-checks/object-checks";
import { readBack } from "@/lib/storage-checks/bucket-settings";
import { s3Checks } from "@/lib/storage-checks/s3-checks";
import { supabaseChecks } from "@/lib/storage-checks/supabase-checks";
import {
  fails,
  holds,
  runCheck,
  type BucketCheck,
  type Check,
  type CheckedStore,
  type Verdict,
} from "@/lib/storage-checks/check";
import type { StorageControlResult } from "@/lib/db/schema/storage-checks";
import { newId } from "@/lib/core/new-id";
import { smallObject } from "@/lib/storage-checks/request";
import { makeS3Client } from "@/lib/storage/s3/s3-client";
import type { ObjectStore } from "@/lib/storage/object-store";
import { createObjectStore } from "@/lib/storage/store-from-config";
import type { BucketConfig } from "@/lib/storage/store-config";
import { StoreError } from "@/lib/storage/store-error";

/**
 * The portal's own calls with an invalid secret, for an object that exists, must be refused. If an adapter reported an
 * empty bucket instead, it would prove deletions that never happened.
 */
const anotherKeyCheck: BucketCheck<BucketConfig> = async (config, under) => {
  const key = await smallObject(under);
  const other = createObjectStore(await withAnotherSecret(config));
  for (const call of [
    () => other.head(key),
    () => other.proveAbsence(under.newKey()),
    () => other.list({ prefix: "custodia-check/", limit: 1 }),
  ]) {
    try {
      await call();
      return fails("answered");
    } catch (error) {
      if (!(error instanceof StoreError) || !["forbidden", "unavailable"].includes(error.code)) throw error;
    }
  }
  return (await under.store.head(key)) ? holds() : fails("control_lost");
};

/** All checks for this kind of store, each with the name of its control. */
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
 * Checks each control on the live store and removes its objects: about 150 requests in a few seconds. Never throws: a
 * check that could not run is `unknown`. It writes nothing to a bucket with default retention, which would lock it.
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
  const prefix = `custodia-check/${newId()}/`;
  const newKey = () => {
    keys.push(`${prefix}${keys.length}`);
    return keys.at(-1)!;
  };
  const under = { ...target, newKey, settings };
  const results = await Promise.all(checks.map(([control, check]) => runCheck(control, check, under)));
  const cleaned = await runCheck("check_cleans_up", ({ store }) => removeObjects(store, keys, prefix), under);
  return [...results, ...settings, cleaned];
}

async function removeObjects(store: ObjectStore, keys: readonly string[], prefix: string): Promise<Verdict> {
  for (const key of keys) await store.deleteAllVersions(key);
  const { objects } = await store.list({ prefix, limit: 1 });
  return objects.length === 0 ? holds() : fails("something_left");
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

/** Changes the fourth letter from the end: in the last letters of base64 not every bit is significant. */
function spoiled(secret: string): string {
  const at = secret.length - 4;
  return `${secret.slice(0, at)}${secret[at] === "A" ? "B" : "A"}${secret.slice(at + 1)}`;
}
