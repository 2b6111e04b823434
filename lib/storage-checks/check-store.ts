import { anotherKeyCheck } from "@/lib/storage-checks/another-key-check";
import { linkChecks } from "@/lib/storage-checks/link-checks";
import { objectChecks } from "@/lib/storage-checks/object-checks";
import { readBack } from "@/lib/storage-checks/read-back";
import { s3Checks } from "@/lib/storage-checks/s3-checks";
import { supabaseChecks } from "@/lib/storage-checks/supabase-checks";
import { runCheck, type CheckedStore, type Check } from "@/lib/storage-checks/check";
import type { StorageControlResult } from "@/lib/db/schema/storage-checks";
import { newId } from "@/lib/core/new-id";

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
