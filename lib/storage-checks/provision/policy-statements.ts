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

/** The beginning of the ids of our statements. All other statements stay unchanged. */
export const STATEMENT_PREFIX = "Custodia";

const ALGORITHM = "s3:x-amz-server-side-encryption";
const KEY_ID = `${ALGORITHM}-aws-kms-key-id`;

/** Whether this is the ARN of a key. Policies do not match an id or the ARN of an alias. */
export const isKeyArn = (keyId: string) => /^arn:.+:key\/./.test(keyId);

/** Why the settings do not request a rule of the bucket policy; null if they do. */
export function whyNotRequested(control: S3BucketControl, config: S3StoreConfig): string | null {
  if (control === "tls_only")
    return config.endpoint?.startsWith("http:")
      ? "the endpoint is on loopback without TLS: the rule would refuse every request"
      : null;
  if (control === "encrypted_puts_only") return config.encryption.kind === "none" ? "S3_ENCRYPTION=none" : null;
  if (config.encryption.kind !== "aws:kms" || !config.encryption.keyId) return "no customer key is set";
  // Amazon compares the whole ARN.
  return config.profile === "aws" && !isKeyArn(config.encryption.keyId)
    ? "S3_KMS_KEY_ID is not the ARN of a key, which the rule needs"
    : null;
}

/** The statements of the bucket policy, for each control that the store supports and the settings request. */
export function policyStatements(config: S3StoreConfig): PolicyStatement[] {
  const can = (control: S3BucketControl) =>
    S3_CONTROLS[config.profile][control] === null && whyNotRequested(control, config) === null;
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
    // Ceph supports only BoolIfExists.
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
    // On Amazon this also refuses a request without the header, as it must: aws:kms without a key id uses a key of
    // Amazon. Ceph refuses such a request itself.
    statements.push(denyPut("RightKeyOnly", { StringNotEquals: { [KEY_ID]: config.encryption.keyId } }));
  }
  return statements;
}
