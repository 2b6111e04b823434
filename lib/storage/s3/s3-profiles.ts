import type { StoreCapabilities } from "@/lib/storage/object-store";
import type { S3Profile } from "@/lib/storage/store-config";

/** How a kind of S3 server differs from the others: what it can, and what must be sent so that it does. */
export interface S3ProfileFacts {
  capabilities: StoreCapabilities;
  /**
   * Which signed header makes the server refuse a body with another SHA-256. Several servers ignore
   * `x-amz-checksum-sha256`; the payload hash of the signature itself they check.
   */
  uploadHashHeader: "x-amz-checksum-sha256" | "x-amz-content-sha256";
}

const GIBIBYTE = 1024 ** 3;

const AWS: StoreCapabilities = {
  sha256Verified: true,
  sha256Reported: true,
  conditionalWrite: true,
  encryption: ["AES256", "aws:kms", "aws:kms:dsse"],
  versioning: true,
  objectLock: true,
  objectTags: true,
  multipart: false,
  signedVersion: true,
  maxUploadBytes: 5 * GIBIBYTE,
  maxLinkSeconds: 7 * 24 * 3600,
};

/** Declared from measurement (Ceph) and from the makers' documents (the others); what is unknown counts as absent. */
export const S3_PROFILES: Record<S3Profile, S3ProfileFacts> = {
  aws: { capabilities: AWS, uploadHashHeader: "x-amz-checksum-sha256" },
  minio: { capabilities: { ...AWS, encryption: ["AES256", "aws:kms"] }, uploadHashHeader: "x-amz-content-sha256" },
  // Accepts x-amz-checksum-sha256 and ignores it; SSE-S3 needs a Vault and is silent without one; If-None-Match is
  // honoured without versions and ignored in a versioned bucket (16.2), so it is not counted on.
  ceph: { capabilities: { ...AWS, sha256Reported: false, conditionalWrite: false, encryption: ["aws:kms"] }, uploadHashHeader: "x-amz-content-sha256" },
  spaces: {
    capabilities: { ...AWS, sha256Reported: false, conditionalWrite: false, encryption: [], objectLock: false, objectTags: false },
    uploadHashHeader: "x-amz-content-sha256",
  },
  // Has neither versions nor Object Lock by the S3 API.
  r2: {
    capabilities: { ...AWS, sha256Verified: false, sha256Reported: false, encryption: ["AES256"], versioning: false, objectLock: false, objectTags: false, signedVersion: false },
    uploadHashHeader: "x-amz-checksum-sha256",
  },
  generic: {
    capabilities: { ...AWS, sha256Verified: false, sha256Reported: false, conditionalWrite: false, objectLock: false, objectTags: false },
    uploadHashHeader: "x-amz-content-sha256",
  },
};
