import { DeleteBucketLifecycleCommand, GetBucketLifecycleConfigurationCommand, PutBucketLifecycleConfigurationCommand, type LifecycleRule } from "@aws-sdk/client-s3";
import { idleStep, orNull, type ProvisionStep, type ProvisionTarget } from "@/lib/storage/provision/provision-step";
import { S3_CONTROLS, type S3BucketControl } from "@/lib/storage/s3/s3-controls";

/** Rules of ours are known by it; all others are left as they are. */
export const RULE_PREFIX = "custodia-";

/** A month for somebody to notice that a version was replaced or deleted behind the portal's back. */
const OLD_VERSION_DAYS = 30;

/**
 * None of these ever deletes a current version: the store knows nothing of legal holds, so when a recording's time is over only
 * the portal decides. They clear what no custody can lie in.
 */
const RULES: ReadonlyArray<{ control: S3BucketControl; wanted: string; rule: LifecycleRule & { ID: string } }> = [
  { control: "lifecycle_unfinished_uploads", wanted: "after 1 day", rule: { ID: `${RULE_PREFIX}unfinished-uploads`, Status: "Enabled", Filter: { Prefix: "" }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } } },
  { control: "lifecycle_delete_markers", wanted: "without versions", rule: { ID: `${RULE_PREFIX}delete-markers`, Status: "Enabled", Filter: { Prefix: "" }, Expiration: { ExpiredObjectDeleteMarker: true } } },
  { control: "lifecycle_old_versions", wanted: `after ${OLD_VERSION_DAYS} days`, rule: { ID: `${RULE_PREFIX}old-versions`, Status: "Enabled", Filter: { Prefix: "" }, NoncurrentVersionExpiration: { NoncurrentDays: OLD_VERSION_DAYS } } },
];

export async function lifecycleSteps({ client, config, exists }: ProvisionTarget): Promise<ProvisionStep[]> {
  const facts = S3_CONTROLS[config.profile];
  if (RULES.every(({ control }) => facts[control] !== null)) return RULES.map(({ control }) => idleStep(control, "cannot", facts[control]!));
  const Bucket = config.bucket;
  const live = exists ? ((await orNull(() => client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))))?.Rules ?? []) : [];
  const asked = RULES.filter(({ control }) => facts[control] === null && (config.versioning !== false || control === "lifecycle_unfinished_uploads"));
  const others = live.filter((rule) => !rule.ID?.startsWith(RULE_PREFIX));
  const apply = () => {
    const Rules = [...others, ...asked.map(({ rule }) => rule)];
    if (Rules.length === 0) return client.send(new DeleteBucketLifecycleCommand({ Bucket }));
    return client.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
  };
  return RULES.map((entry): ProvisionStep => {
    const found = live.find(({ ID }) => ID === entry.rule.ID);
    if (!asked.includes(entry) && !found) return idleStep(entry.control, facts[entry.control] ? "cannot" : "not_asked", facts[entry.control] ?? "S3_VERSIONING=false");
    const wanted = asked.includes(entry);
    const same = wanted && found !== undefined && comparable(found) === comparable(entry.rule);
    return { control: entry.control, found: same ? entry.wanted : found ? "another rule" : "off", wanted: wanted ? entry.wanted : "off", state: same ? "as_wanted" : "change", apply };
  });
}

/** Servers give the filter back in several shapes (Ceph: as the old `Prefix`). */
function comparable({ Status, Filter, Prefix, Expiration, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload }: LifecycleRule): string {
  const filter = { prefix: Filter?.Prefix ?? Filter?.And?.Prefix ?? Prefix ?? "", tags: [Filter?.Tag, ...(Filter?.And?.Tags ?? [])].filter(Boolean) };
  const expiration = { days: Expiration?.Days || undefined, date: Expiration?.Date, markers: Expiration?.ExpiredObjectDeleteMarker || undefined };
  return JSON.stringify([Status, filter, expiration, NoncurrentVersionExpiration?.NoncurrentDays, AbortIncompleteMultipartUpload?.DaysAfterInitiation]);
}
