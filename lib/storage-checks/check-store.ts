import { anotherKeyTrial } from "@/lib/storage-checks/another-key-trial";
import { linkTrials } from "@/lib/storage-checks/link-trials";
import { objectTrials } from "@/lib/storage-checks/object-trials";
import { readBack } from "@/lib/storage-checks/read-back";
import { s3Trials } from "@/lib/storage-checks/s3-trials";
import { supabaseTrials } from "@/lib/storage-checks/supabase-trials";
import { tried, type StoreUnderTrial, type Trial } from "@/lib/storage-checks/trial";
import type { StorageControlResult } from "@/lib/db/schema/storage-checks";
import { newId } from "@/lib/core/new-id";

/** Every trial for this kind of store, by the name of its control. */
function trialsFor({ bucket }: Pick<StoreUnderTrial, "bucket">): Array<[string, Trial]> {
  const common = Object.entries({ ...linkTrials, ...objectTrials });
  if (!bucket) return common;
  const ofKind: Array<[string, Trial]> =
    bucket.kind === "s3"
      ? Object.entries(s3Trials).map(([control, trial]) => [control, (under) => trial(bucket, under)])
      : Object.entries(supabaseTrials).map(([control, trial]) => [control, (under) => trial(bucket, under)]);
  return [...common, ...ofKind, ["another_key_refused", (under) => anotherKeyTrial(bucket, under)]];
}

/**
 * Tries each control on the live store, and takes away what it made. Takes a few seconds; makes some 150 requests.
 * Never throws: what could not be tried is `unknown`. Nothing is written to a bucket that would lock it for a time.
 */
export async function checkStore(
  target: Omit<StoreUnderTrial, "newKey" | "settings">,
): Promise<StorageControlResult[]> {
  const settings = await readBack(target);
  const trials = trialsFor(target);
  if (settings.some(({ control, outcome }) => control === "default_retention" && outcome === "fails")) {
    return [
      ...trials.map(([control]): StorageControlResult => ({ control, outcome: "unknown", detail: "would_be_locked" })),
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
  const results = await Promise.all(trials.map(([control, trial]) => tried(control, trial, under)));
  const cleaned = await tried(
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
