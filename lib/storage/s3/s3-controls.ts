import type { S3Profile } from "@/lib/core/env/s3-profiles";

/** Settings of a bucket that not every server supports. */
export type S3BucketControl =
  | "bucket_encryption"
  | "public_access_block"
  | "tls_only"
  | "encrypted_puts_only"
  | "right_key_only"
  | "versioning"
  | "object_lock"
  | "default_retention"
  | "cors"
  | "lifecycle_unfinished_uploads"
  | "lifecycle_delete_markers"
  | "lifecycle_old_versions"
  | "lifecycle_by_age"
  | "lifecycle_by_tag";

/**
 * Why a server does not support a setting; null if it does. Sources: measured on Ceph; the makers' documentation.
 */
export type ControlFacts = Record<S3BucketControl, string | null>;

const ALL: ControlFacts = {
  bucket_encryption: null,
  public_access_block: null,
  tls_only: null,
  encrypted_puts_only: null,
  right_key_only: null,
  versioning: null,
  object_lock: null,
  default_retention: null,
  cors: null,
  lifecycle_unfinished_uploads: null,
  lifecycle_delete_markers: null,
  lifecycle_old_versions: null,
  lifecycle_by_age: null,
  lifecycle_by_tag: null,
};

const ONLY_THE_PORTAL_DELETES =
  "a rule by age, prefix or tag ignores legal holds and recalculated dates: only the portal may delete recordings";

/** Settings that are never made, even if the server supports them. */
export const DECLINED_CONTROLS: Partial<Record<S3BucketControl, string>> = {
  lifecycle_by_age: ONLY_THE_PORTAL_DELETES,
  lifecycle_by_tag: ONLY_THE_PORTAL_DELETES,
};

/** For servers that may ignore If-None-Match. */
const OLD_VERSION_MAY_BE_RECORDING =
  "an old upload link can make the recording's version noncurrent, and the rule would delete it";
const MINIO_POLICY = "MinIO applies a bucket policy to unsigned requests only";
const UNKNOWN = "not every server supports it: the request is not sent";

/** The settings that are never sent to a server of each profile, with the reason. */
export const S3_CONTROLS: Record<S3Profile, ControlFacts> = {
  aws: ALL,
  // docs.min.io, S3 API compatibility, and its source code: no public access block; the server itself removes
  // unfinished uploads after a day; it applies a bucket policy only to requests without a signature, and supports no
  // condition that ends in IfExists.
  minio: {
    ...ALL,
    public_access_block: "MinIO does not support it; without a policy a bucket is private",
    tls_only: `${MINIO_POLICY}: configure the server to accept TLS only`,
    encrypted_puts_only: `${MINIO_POLICY}: the default encryption encrypts each object`,
    right_key_only: `${MINIO_POLICY}: the default encryption selects the key`,
    lifecycle_unfinished_uploads: "MinIO itself removes unfinished uploads after a day and refuses the rule",
    cors: "MinIO has one CORS setting for the whole server",
  },
  // Measured on 16.2 and 20.2. What one of them cannot do is not set.
  ceph: {
    ...ALL,
    bucket_encryption: "Ceph 16.2 answers 400 to it without a Vault; each request names its key",
    encrypted_puts_only:
      "Ceph applies the rule to the start (16.2) or the parts (20.2) of an upload in parts: none could be completed",
    lifecycle_old_versions: OLD_VERSION_MAY_BE_RECORDING,
  },
  // docs.digitalocean.com, Spaces S3 compatibility: SSE-C only; no lock; lifecycle by time and prefix.
  spaces: {
    ...ALL,
    bucket_encryption: "Spaces has no setting for it",
    public_access_block: "Spaces does not support it; without a policy a bucket is private",
    tls_only: "Spaces documents no policy condition for it; its endpoints use TLS",
    encrypted_puts_only: "Spaces supports only SSE-C",
    right_key_only: "Spaces supports only SSE-C",
    object_lock: "Spaces has no Object Lock",
    default_retention: "Spaces has no Object Lock",
    lifecycle_delete_markers: "Spaces documents only expiry by time and of unfinished uploads",
    lifecycle_by_tag: "Spaces documents only rules by prefix",
    lifecycle_old_versions: OLD_VERSION_MAY_BE_RECORDING,
  },
  // developers.cloudflare.com, R2 S3 API compatibility.
  r2: {
    ...ALL,
    bucket_encryption: "R2 always encrypts with AES-256",
    public_access_block: "R2 does not support it; a bucket is private unless it is opened in the dashboard",
    tls_only: "R2 has no bucket policies; its endpoint accepts TLS only",
    encrypted_puts_only: "R2 has no bucket policies and encrypts every object",
    right_key_only: "R2 has no customer keys in a KMS",
    versioning: "R2 has no versions",
    object_lock: "R2 has no Object Lock in the S3 API",
    default_retention: "R2 has its own bucket locks, in the dashboard only: set none for recordings",
    lifecycle_delete_markers: "R2 has no versions",
    lifecycle_old_versions: "R2 has no versions",
    lifecycle_by_tag: "R2 has no tags",
  },
  generic: {
    ...ALL,
    bucket_encryption: UNKNOWN,
    public_access_block: UNKNOWN,
    tls_only: UNKNOWN,
    encrypted_puts_only: UNKNOWN,
    right_key_only: UNKNOWN,
    object_lock: UNKNOWN,
    default_retention: UNKNOWN,
    cors: UNKNOWN,
    lifecycle_unfinished_uploads: UNKNOWN,
    lifecycle_delete_markers: UNKNOWN,
    lifecycle_by_age: UNKNOWN,
    lifecycle_by_tag: UNKNOWN,
    lifecycle_old_versions: OLD_VERSION_MAY_BE_RECORDING,
  },
};
