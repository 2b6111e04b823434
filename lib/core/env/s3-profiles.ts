import type { StoreCapabilities } from "@/lib/core/env/store-capabilities";

export const S3_PROFILE_NAMES = ["aws", "spaces", "minio", "ceph", "r2", "generic"] as const;

/** The kind of S3 server. It decides which requests are sent and which answers are trusted; "generic" trusts least. */
export type S3Profile = (typeof S3_PROFILE_NAMES)[number];

export type S3Encryption = { kind: "none" } | { kind: "AES256" } | { kind: "aws:kms"; keyId?: string };

/** How one kind of S3 server differs from the others. */
export interface S3ProfileFacts {
  capabilities: StoreCapabilities;
  /** The bucket counts as versioned unless the settings deny it. Where false, only if the settings affirm it. */
  versionsAssumed: boolean;
  /**
   * The signed header by which the server refuses a body with another SHA-256. Several servers ignore
   * `x-amz-checksum-sha256` but verify the payload hash of the signature.
   */
  uploadHashHeader: "x-amz-checksum-sha256" | "x-amz-content-sha256";
  /**
   * `x-amz-sdk-checksum-algorithm` goes beside the checksum. Newer versions of the server then verify the checksum and
   * report it for this object, which need not be read back; older ones ignore both headers.
   */
  namesChecksumAlgorithm: boolean;
  /** Encryption that the server applies when an upload requests it. */
  requestableEncryption: ReadonlyArray<S3Encryption["kind"]>;
  /** Why the other kinds are impossible. Ends the sentence "cannot do …:". */
  encryptionAdvice: string;
  /** aws:kms needs a key id. Where false, the store has a default key. */
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
  headShowsBytes: true,
  maxUploadBytes: 5 * GIBIBYTE,
  maxLinkSeconds: 7 * 24 * 3600,
};

const USUAL = {
  namesChecksumAlgorithm: false,
  versionsAssumed: true,
  requestableEncryption: ["none", "AES256", "aws:kms"],
  encryptionAdvice: "",
  kmsKeyRequired: false,
} as const;

/** Measured (Ceph) or from the makers' documentation (the others). An unknown capability counts as missing. */
export const S3_PROFILES: Record<S3Profile, S3ProfileFacts> = {
  aws: { capabilities: AWS, uploadHashHeader: "x-amz-checksum-sha256", ...USUAL },
  minio: {
    capabilities: { ...AWS, encryption: ["AES256", "aws:kms"] },
    uploadHashHeader: "x-amz-content-sha256",
    ...USUAL,
  },
  // 16.2 ignores x-amz-checksum-sha256; 20.2 verifies and reports it if the algorithm is named beside it. SSE-S3 needs
  // a Vault: without one 16.2 stores clear text and reports no error, and 20.2 answers 400. In a bucket with versions
  // 16.2 ignores If-None-Match, and 20.2 honours it one after the other, but not among simultaneous senders.
  ceph: {
    capabilities: { ...AWS, sha256Reported: false, conditionalWrite: false, encryption: ["aws:kms"] },
    uploadHashHeader: "x-amz-content-sha256",
    namesChecksumAlgorithm: true,
    versionsAssumed: true,
    requestableEncryption: ["none", "aws:kms"],
    encryptionAdvice: "without a Vault Ceph refuses AES256 (20.2), or takes it and stores in clear text (16.2)",
    kmsKeyRequired: true,
  },
  spaces: {
    capabilities: { ...AWS, sha256Reported: false, conditionalWrite: false, encryption: [], objectLock: false },
    uploadHashHeader: "x-amz-content-sha256",
    namesChecksumAlgorithm: false,
    versionsAssumed: true,
    requestableEncryption: ["none"],
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
    namesChecksumAlgorithm: false,
    versionsAssumed: true,
    requestableEncryption: ["none"],
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

/** Whether the bucket is expected to keep versions. "generic" keeps them only if the settings say so. */
export function keepsVersions({ profile, versioning }: { profile: S3Profile; versioning?: boolean }): boolean {
  const { capabilities, versionsAssumed } = S3_PROFILES[profile];
  return capabilities.versioning && (versioning ?? versionsAssumed);
}
