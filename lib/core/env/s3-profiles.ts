import type { StoreCapabilities } from "@/lib/storage/object-store";
import type { S3Encryption, S3Profile } from "@/lib/storage/store-config";

export const S3_PROFILE_NAMES = [
  "aws",
  "spaces",
  "minio",
  "ceph",
  "r2",
  "generic",
] as const satisfies readonly S3Profile[];

/** How a kind of S3 server differs from the others: what it can, and what must be sent so that it does. */
export interface S3ProfileFacts {
  capabilities: StoreCapabilities;
  /** A bucket is taken to keep versions unless the settings say no; else only when they say so. */
  versionsAssumed: boolean;
  /**
   * Which signed header makes the server refuse a body with another SHA-256. Several servers ignore
   * `x-amz-checksum-sha256`; the payload hash of the signature itself they check.
   */
  uploadHashHeader: "x-amz-checksum-sha256" | "x-amz-content-sha256";
  /** What may be asked for at an upload without being ignored, refused or misread. */
  encryptionAsked: ReadonlyArray<S3Encryption["kind"]>;
  /** Why the others may not: ends the sentence "cannot do …:". */
  encryptionAdvice: string;
  /** aws:kms needs the id of a key; where false, the store has one of its own. */
  kmsKeyRequired: boolean;
}

const GIBIBYTE = 1024 ** 3;

const AWS: StoreCapabilities = {
  sha256Verified: true,
  sha256Reported: true,
  conditionalWrite: true,
  encryption: ["AES256", "aws:kms", "aws:kms:dsse"],
  versioning: true,
  objectLock: true,
  multipart: true,
  signedVersion: true,
  maxUploadBytes: 5 * GIBIBYTE,
  maxLinkSeconds: 7 * 24 * 3600,
};

const USUAL = {
  versionsAssumed: true,
  encryptionAsked: ["none", "AES256", "aws:kms"],
  encryptionAdvice: "",
  kmsKeyRequired: false,
} as const;

/** Declared from measurement (Ceph) and from the makers' documents (the others); what is unknown counts as absent. */
export const S3_PROFILES: Record<S3Profile, S3ProfileFacts> = {
  aws: { capabilities: AWS, uploadHashHeader: "x-amz-checksum-sha256", ...USUAL },
  minio: {
    capabilities: { ...AWS, encryption: ["AES256", "aws:kms"] },
    uploadHashHeader: "x-amz-content-sha256",
    ...USUAL,
  },
  // Accepts x-amz-checksum-sha256 and ignores it; SSE-S3 needs a Vault and is silent without one; If-None-Match is
  // honoured without versions and ignored in a versioned bucket (16.2), so it is not counted on.
  ceph: {
    capabilities: { ...AWS, sha256Reported: false, conditionalWrite: false, encryption: ["aws:kms"] },
    uploadHashHeader: "x-amz-content-sha256",
    versionsAssumed: true,
    encryptionAsked: ["none", "aws:kms"],
    encryptionAdvice: "Ceph takes the request for AES256 and stores in clear text unless it has a Vault",
    kmsKeyRequired: true,
  },
  spaces: {
    capabilities: { ...AWS, sha256Reported: false, conditionalWrite: false, encryption: [], objectLock: false },
    uploadHashHeader: "x-amz-content-sha256",
    versionsAssumed: true,
    encryptionAsked: ["none"],
    encryptionAdvice: "Spaces encrypts its disks by itself and reports nothing of it",
    kmsKeyRequired: false,
  },
  // Has neither versions nor Object Lock by the S3 API.
  r2: {
    capabilities: {
      ...AWS,
      sha256Verified: false,
      sha256Reported: false,
      encryption: [],
      versioning: false,
      objectLock: false,
      signedVersion: false,
    },
    uploadHashHeader: "x-amz-checksum-sha256",
    versionsAssumed: true,
    encryptionAsked: ["none"],
    encryptionAdvice: "R2 encrypts everything with AES-256 by itself, takes no header for it and reports nothing of it",
    kmsKeyRequired: false,
  },
  generic: {
    capabilities: { ...AWS, sha256Verified: false, sha256Reported: false, conditionalWrite: false, objectLock: false },
    uploadHashHeader: "x-amz-content-sha256",
    ...USUAL,
    versionsAssumed: false,
  },
};
