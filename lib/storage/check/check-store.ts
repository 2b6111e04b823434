import { bucketTrials } from "@/lib/storage/check/bucket-trials";
import { linkTrials } from "@/lib/storage/check/link-trials";
import { objectTrials } from "@/lib/storage/check/object-trials";
import { tried, type StoreUnderTrial } from "@/lib/storage/check/trial";
import type { StorageControlResult } from "@/lib/db/schema/storage-checks";
import { newId } from "@/lib/new-id";
import { planProvision } from "@/lib/storage/provision/plan-provision";

/** Settings that only time would show at work: read back and compared. The others are tried. */
const READ_BACK = new Set<string>(["bucket_encryption", "public_access_block", "versioning", "object_lock", "lifecycle_unfinished_uploads", "lifecycle_delete_markers", "lifecycle_old_versions"]);

/**
 * Tries each control on the live store, and takes away what it made. Takes a few seconds; makes some forty requests.
 * Never throws: what could not be tried is `unknown`.
 */
export async function checkStore(target: Omit<StoreUnderTrial, "newKey">): Promise<StorageControlResult[]> {
  const keys: string[] = [];
  const run = newId();
  const newKey = () => {
    keys.push(`custodia-check/${run}/${keys.length}`);
    return keys.at(-1)!;
  };
  const trials = Object.entries({ ...linkTrials, ...objectTrials, ...(target.s3 ? bucketTrials : {}) });
  const results = await Promise.all(trials.map(([control, trial]) => tried(control, trial, { ...target, newKey })));
  const cleaned = await tried("check_cleans_up", async () => {
    for (const key of keys) await target.store.deleteAllVersions(key);
    const left = await target.store.list({ prefix: `custodia-check/${run}/`, limit: 1 });
    return left.objects.length === 0 ? { outcome: "holds", detail: null } : { outcome: "fails", detail: "something_left" };
  }, { ...target, newKey });
  return [...results, ...(await readBack(target)), cleaned];
}

async function readBack({ s3 }: Omit<StoreUnderTrial, "newKey">): Promise<StorageControlResult[]> {
  if (!s3) return [];
  const outcomes = { as_wanted: "holds", change: "fails", cannot: "unsupported", not_asked: "unsupported" } as const;
  const details = { as_wanted: null, change: "not_as_provisioned", cannot: "store_cannot", not_asked: "not_asked" } as const;
  try {
    const steps = (await planProvision(s3.config, s3.portalOrigin)).filter(({ control }) => READ_BACK.has(control));
    return steps.map(({ control, state }) => ({ control, outcome: outcomes[state], detail: details[state] }));
  } catch {
    // The portal's own user may not read the settings: run the check as whoever provisions to see them.
    return [...READ_BACK].map((control) => ({ control, outcome: "unknown", detail: "forbidden" }));
  }
}
