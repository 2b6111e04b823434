import type { S3Encryption, S3Profile } from "@/lib/core/env/s3-profiles";
import type { KeyList } from "@/lib/core/crypto/key-list";
import type { S3ClientConfig } from "@aws-sdk/client-s3";

export type StoreConfig = DiskStoreConfig | S3StoreConfig | SupabaseStoreConfig;

export interface DiskStoreConfig {
  kind: "disk";
  /** Name in proofs and logs; default: "disk". */
  name?: string;
  rootPath: string;
  /** Wrap the data key of each object. Keep old keys in the list while objects exist that were written with them. */
  encryptionKeys: KeyList;
  /** Sign upload and download links. */
  linkSigningKeys: KeyList;
  /** Origin of the portal, which answers `/api/store/<key>`. */
  publicBaseUrl: string;
}

export interface S3StoreConfig {
  kind: "s3";
  /** Name in proofs and logs; default: "s3:" and the profile. */
  name?: string;
  /** Default: Amazon's endpoint of the region. */
  endpoint?: string;
  region: string;
  bucket: string;
  /** Keys, or a function that the SDK calls again when they expire. Default: the SDK's default chain. */
  credentials?: S3ClientConfig["credentials"];
  forcePathStyle: boolean;
  encryption: S3Encryption;
  profile: S3Profile;
  /**
   * Whether the bucket keeps versions. Default: true if the profile supports them, except "generic", which needs the
   * setting. Deletion searches for versions in any case.
   */
  versioning?: boolean;
  /** Whether the bucket was created with Object Lock and the portal uses it. Default: false. */
  objectLock?: boolean;
  /** A request without a byte in either direction for this long fails. Default: 30 s. */
  idleTimeoutMs?: number;
  /** The most attempts for one request, with growing pauses, while the store fails or slows down. Default: 4. */
  attempts?: number;
}

export interface SupabaseStoreConfig {
  kind: "supabase";
  /** Address of the project: "https://<reference>.supabase.co". */
  url: string;
  /** Bypasses row-level security; never leaves the server. */
  serviceKey: string;
  /** A private bucket. */
  bucket: string;
  /** Largest object: the limit of the bucket, at most that of the project. */
  maxUploadBytes: number;
}

/** A store with a bucket, which can be provisioned and checked. */
export type BucketConfig = S3StoreConfig | SupabaseStoreConfig;
