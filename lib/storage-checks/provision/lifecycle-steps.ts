import {
  DeleteBucketLifecycleCommand,
  GetBucketLifecycleConfigurationCommand,
  PutBucketLifecycleConfigurationCommand,
  type LifecycleRule,
} from "@aws-sdk/client-s3";
import {
  idleStep,
  neverSent,
  orNull,
  type ProvisionStep,
  type ProvisionTarget,
} from "@/lib/storage-checks/provision/provision-step";
import { keepsVersions } from "@/lib/core/env/s3-profiles";
import { S3_CONTROLS, type S3BucketControl } from "@/lib/storage/s3/s3-controls";
import type { S3StoreConfig } from "@/lib/storage/store-config";

/** The beginning of the ids of our rules. All other rules stay unchanged. */
export const RULE_PREFIX = "custodia-";

/** Time for an administrator to notice that a version was replaced or deleted without the portal. */
const OLD_VERSION_DAYS = 30;

interface OurRule {
  control: S3BucketControl;
  wanted: string;
  rule: LifecycleRule & { ID: string };
  /** Why the settings do not request the rule; null if they do. */
  whyNotRequested: (config: S3StoreConfig) => string | null;
}

const withoutVersions = (config: S3StoreConfig) => (keepsVersions(config) ? null : "S3_VERSIONING=false");
const rule = (name: string, action: Omit<LifecycleRule, "ID" | "Status" | "Filter">) => ({
  ID: `${RULE_PREFIX}${name}`,
  Status: "Enabled" as const,
  Filter: { Prefix: "" },
  ...action,
});

/**
 * No rule deletes a current version: the store does not know legal holds, so only the portal deletes recordings. Old
 * versions are deleted only if Object Lock protects held ones from the rule.
 */
const RULES: readonly OurRule[] = [
  {
    control: "lifecycle_unfinished_uploads",
    wanted: "after 1 day",
    rule: rule("unfinished-uploads", { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }),
    whyNotRequested: () => null,
  },
  {
    control: "lifecycle_delete_markers",
    wanted: "without versions",
    rule: rule("delete-markers", { Expiration: { ExpiredObjectDeleteMarker: true } }),
    whyNotRequested: withoutVersions,
  },
  {
    control: "lifecycle_old_versions",
    wanted: `after ${OLD_VERSION_DAYS} days`,
    rule: rule("old-versions", { NoncurrentVersionExpiration: { NoncurrentDays: OLD_VERSION_DAYS } }),
    whyNotRequested: (config) =>
      withoutVersions(config) ??
      (config.objectLock ? null : "without S3_OBJECT_LOCK the rule would delete a held version that was replaced"),
  },
];

/** One step for each lifecycle rule. Any of them writes all rules, and keeps the rules of others. */
export async function lifecycleSteps({ client, config, exists }: ProvisionTarget): Promise<ProvisionStep[]> {
  const facts = S3_CONTROLS[config.profile];
  const never = (["lifecycle_by_age", "lifecycle_by_tag"] as const).map((control) => neverSent(control, config)!);
  if (RULES.every(({ control }) => facts[control] !== null))
    return [...RULES.map(({ control }) => idleStep(control, "cannot", facts[control]!)), ...never];
  const Bucket = config.bucket;
  const live = exists
    ? ((await orNull(() => client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))))?.Rules ?? [])
    : [];
  const whyNot = ({ control, whyNotRequested }: OurRule) => facts[control] ?? whyNotRequested(config);
  const asked = RULES.filter((entry) => whyNot(entry) === null);
  const others = live.filter((rule) => !rule.ID?.startsWith(RULE_PREFIX));
  const apply = () => {
    const Rules = [...others, ...asked.map(({ rule }) => rule)];
    if (Rules.length === 0) return client.send(new DeleteBucketLifecycleCommand({ Bucket }));
    return client.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
  };
  const steps = RULES.map((entry): ProvisionStep => {
    const found = live.find(({ ID }) => ID === entry.rule.ID);
    if (!asked.includes(entry) && !found)
      return idleStep(entry.control, facts[entry.control] ? "cannot" : "not_asked", whyNot(entry)!);
    const wanted = asked.includes(entry);
    const same = wanted && found !== undefined && comparable(found) === comparable(entry.rule);
    return {
      control: entry.control,
      found: same ? entry.wanted : found ? "another rule" : "off",
      wanted: wanted ? entry.wanted : "off",
      state: same ? "as_wanted" : "change",
      apply,
    };
  });
  return [...steps, ...never];
}

/** Servers return the filter in several forms (Ceph: as the old `Prefix`). */
function comparable({
  Status,
  Filter,
  Prefix,
  Expiration,
  NoncurrentVersionExpiration,
  AbortIncompleteMultipartUpload,
}: LifecycleRule): string {
  const filter = {
    prefix: Filter?.Prefix ?? Filter?.And?.Prefix ?? Prefix ?? "",
    tags: [Filter?.Tag, ...(Filter?.And?.Tags ?? [])].filter(Boolean),
  };
  const expiration = {
    days: Expiration?.Days || undefined,
    date: Expiration?.Date,
    markers: Expiration?.ExpiredObjectDeleteMarker || undefined,
  };
  return JSON.stringify([
    Status,
    filter,
    expiration,
    NoncurrentVersionExpiration?.NoncurrentDays,
    AbortIncompleteMultipartUpload?.DaysAfterInitiation,
  ]);
}
