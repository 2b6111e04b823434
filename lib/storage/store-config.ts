import type { S3Encryption, S3Profile } from "@/lib/core/env/s3-profiles";
import type { KeyList } from "@/lib/core/crypto/key-list";
import type { S3ClientConfig } from "@aws-sdk/client-s3";

export type StoreConfig = DiskStoreConfig | S3StoreConfig | SupabaseStoreConfig;

export interface DiskStoreConfig {
  kind: "disk";
  /** How proofs and logs call it; absent: "disk". */
  name?: string;
  rootPath: string;
  /** Wrap the data key of each object. Keep old ones in the list as long as objects were written under them. */
  encryptionKeys: KeyList;
  /** Sign upload and download links. */
  linkSigningKeys: KeyList;
  /** Origin of the portal, where `/api/store/<key>` is answered. */
  publicBaseUrl: string;
}

export interface S3StoreConfig {
  kind: "s3";
  /** How proofs and logs call it; absent: "s3:" and the profile. */
  name?: string;
  /** Absent: Amazon's own for the region. */
  endpoint?: string;
  region: string;
  bucket: string;
  /**
   * A provider is asked again when what it gave expires: session tokens and rotation. Absent: the SDK's default chain.
   */
  credentials?: S3ClientConfig["credentials"];
  forcePathStyle: boolean;
  encryption: S3Encryption;
  profile: S3Profile;
  /**
   * Whether the bucket keeps versions. Default: where the profile can; of "generic" it has to be said. Deletion looks
   * for versions in any case.
   */
  versioning?: boolean;
  /** Whether the bucket was made with Object Lock, and is to be used with it. Default false. */
  objectLock?: boolean;
  /** Without a byte in either direction for so long, a request is given up. Default 30 s. */
  idleTimeoutMs?: number;
  /** How often a request is sent at most, with pauses that grow, while the store fails or slows down. Default 4. */
  attempts?: number;
}

export interface SupabaseStoreConfig {
  kind: "supabase";
  /** Of the project: "https://<reference>.supabase.co". */
  url: string;
  /** Passes by row-level security; never leaves the server. */
  serviceKey: string;
  /** A private one. */
  bucket: string;
  /** Largest object: the bucket's limit, which is never above the project's own. */
  maxUploadBytes: number;
}

/** What is provisioned and checked as a bucket. */
export type BucketConfig = S3StoreConfig | SupabaseStoreConfig;
