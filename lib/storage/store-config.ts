import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from "@aws-sdk/types"

/** A secret key with the id under which it is named in headers and links. In lists, the first is the current one. */
export interface NamedKey {
  id: string
  /** 32 bytes. */
  key: Uint8Array
}

export type StoreConfig = DiskStoreConfig | S3StoreConfig

export interface DiskStoreConfig {
  kind: "disk"
  rootPath: string
  /** Wrap the data key of each object. Keep old ones in the list as long as objects were written under them. */
  encryptionKeys: readonly NamedKey[]
  /** Sign upload and download links. */
  linkSigningKeys: readonly NamedKey[]
  /** Origin of the portal, where `/api/store/<key>` is answered. */
  publicBaseUrl: string
}

/** What kind of server answers; decides what is sent and what is believed. */
export type S3Profile = "aws" | "spaces" | "minio" | "ceph" | "r2"

export type S3Encryption = { kind: "none" } | { kind: "AES256" } | { kind: "aws:kms"; keyId?: string }

export interface S3StoreConfig {
  kind: "s3"
  /** Absent: Amazon's own for the region. */
  endpoint?: string
  region: string
  bucket: string
  /** A provider is asked again when what it gave expires: session tokens and rotation. */
  credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider
  forcePathStyle: boolean
  encryption: S3Encryption
  profile: S3Profile
}
