import { GetBucketCorsCommand, PutBucketCorsCommand, type CORSRule } from "@aws-sdk/client-s3";
import {
  idleStep,
  orNull,
  stepOf,
  type ProvisionStep,
  type ProvisionTarget,
} from "@/lib/storage-checks/provision/provision-step";
import { S3_CONTROLS } from "@/lib/storage/s3/s3-controls";

const RULE_ID = "custodia-portal";

/**
 * Lets pages of the portal, and of nobody else, send to and play from the bucket; rules of others are left as they are.
 */
export async function corsStep({ client, config, exists, portalOrigin }: ProvisionTarget): Promise<ProvisionStep> {
  const cannot = S3_CONTROLS[config.profile].cors;
  if (cannot) return idleStep("cors", "cannot", cannot);
  const Bucket = config.bucket;
  const live = exists ? ((await orNull(() => client.send(new GetBucketCorsCommand({ Bucket }))))?.CORSRules ?? []) : [];
  const rule: CORSRule = {
    ID: RULE_ID,
    AllowedOrigins: [portalOrigin],
    AllowedMethods: ["GET", "PUT", "HEAD"],
    AllowedHeaders: ["*"],
    ExposeHeaders: ["ETag", "Content-Range", "Accept-Ranges", "Content-Length", "x-amz-version-id"],
    MaxAgeSeconds: 3600,
  };
  const found = live.find(({ ID }) => ID === RULE_ID);
  const CORSRules = [...live.filter(({ ID }) => ID !== RULE_ID), rule];
  return stepOf("cors", found ? text(found) : "off", text(rule), () =>
    client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } })),
  );
}

const text = ({ AllowedOrigins = [], AllowedMethods = [], ExposeHeaders = [] }: CORSRule) =>
  [AllowedOrigins, AllowedMethods, ExposeHeaders].map((values) => values.map(String).toSorted().join(",")).join(" ");
