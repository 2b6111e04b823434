import { S3_CONTROLS, type S3BucketControl } from "@/lib/storage/s3/s3-controls";
import type { S3StoreConfig } from "@/lib/storage/store-config";

export interface PolicyStatement {
  Sid?: string;
  Effect: string;
  Principal?: unknown;
  Action?: unknown;
  Resource?: unknown;
  Condition?: unknown;
}

/** Statements of ours are known by it; all others are left as they are. */
export const STATEMENT_PREFIX = "Custodia";

const ALGORITHM = "s3:x-amz-server-side-encryption";
const KEY_ID = `${ALGORITHM}-aws-kms-key-id`;

/** Of a key itself: an id, or the ARN of an alias, is known to no rule. */
export const isKeyArn = (keyId: string) => /^arn:.+:key\/./.test(keyId);

/** Why the installation does not ask for a rule of the policy; null when it does, or the store cannot. */
export function notAsked(control: S3BucketControl, config: S3StoreConfig): string | null {
  if (control === "tls_only")
    return config.endpoint?.startsWith("http:")
      ? "the endpoint is on loopback without TLS: the rule would shut everybody out"
      : null;
  if (control === "encrypted_puts_only") return config.encryption.kind === "none" ? "S3_ENCRYPTION=none" : null;
  if (config.encryption.kind !== "aws:kms" || !config.encryption.keyId) return "no key of the customer's is named";
  // Amazon compares with the whole ARN.
  return config.profile === "aws" && !isKeyArn(config.encryption.keyId)
    ? "S3_KMS_KEY_ID is not the ARN of a key, which the rule compares with"
    : null;
}

/** What the bucket's policy must refuse, for each control that the store can and the installation asks for. */
export function policyStatements(config: S3StoreConfig): PolicyStatement[] {
  const can = (control: S3BucketControl) =>
    S3_CONTROLS[config.profile][control] === null && notAsked(control, config) === null;
  const bucket = `arn:aws:s3:::${config.bucket}`;
  const denyPut = (name: string, Condition: unknown): PolicyStatement => ({
    Sid: STATEMENT_PREFIX + name,
    Effect: "Deny",
    Principal: "*",
    Action: "s3:PutObject",
    Resource: `${bucket}/*`,
    Condition,
  });
  const statements: PolicyStatement[] = [];
  if (can("tls_only")) {
    // Ceph knows only BoolIfExists.
    const Condition = { BoolIfExists: { "aws:SecureTransport": "false" } };
    statements.push({
      Sid: `${STATEMENT_PREFIX}TlsOnly`,
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [bucket, `${bucket}/*`],
      Condition,
    });
  }
  if (can("encrypted_puts_only"))
    statements.push(denyPut("EncryptedPutsOnly", { StringNotEquals: { [ALGORITHM]: config.encryption.kind } }));
  if (can("right_key_only") && config.encryption.kind === "aws:kms") {
    if (config.profile === "ceph")
      statements.push(denyPut("RightAlgorithmOnly", { StringNotEquals: { [ALGORITHM]: "aws:kms" } }));
    // At Amazon a request without the header meets it too, and must: aws:kms without a key's name is for a key of
    // Amazon's. Ceph refuses that by itself.
    statements.push(denyPut("RightKeyOnly", { StringNotEquals: { [KEY_ID]: config.encryption.keyId } }));
  }
  return statements;
}
