import type { HeadBucketCommand, PutObjectCommandInput, S3Client } from "@aws-sdk/client-s3";
import { keepsVersions, S3_PROFILES, type S3Encryption, type S3ProfileFacts } from "@/lib/core/env/s3-profiles";
import type { StoreCapabilities } from "@/lib/core/env/store-capabilities";
import { askTwice } from "@/lib/storage/ask-twice";
import { makeS3Client } from "@/lib/storage/s3/s3-client";
import { toS3StoreError } from "@/lib/storage/s3/s3-error";
import { S3Signer } from "@/lib/storage/s3/s3-signer";
import type { S3StoreConfig } from "@/lib/storage/store-config";
import type { StoreError } from "@/lib/storage/store-error";

/** One bucket of an S3 server, as every call needs it. */
export interface S3Target {
  client: S3Client;
  /** Sends a command that changes nothing, with the time limit and the second try of `askTwice`. */
  ask: S3Client["send"];
  bucket: string;
  signer: S3Signer;
  profile: S3ProfileFacts;
  /** The profile's capabilities that the settings use. */
  capabilities: StoreCapabilities;
  /** Whether HEAD asks for the SHA-256 that the store verified. It may still report none. */
  asksForSha256: boolean;
  /** The fields that request encryption of a new object. */
  encryption: Pick<PutObjectCommandInput, "ServerSideEncryption" | "SSEKMSKeyId">;
}

export function s3Target(config: S3StoreConfig): S3Target {
  const client = makeS3Client(config);
  const { bucket } = config;
  const profile = S3_PROFILES[config.profile];
  const capabilities = capabilitiesOf(config);
  return {
    client,
    ask: asking(client, config),
    bucket,
    signer: new S3Signer(client, bucket),
    profile,
    capabilities,
    asksForSha256: capabilities.sha256Reported || profile.namesChecksumAlgorithm,
    encryption: encryptionFields(config.encryption),
  };
}

function asking(client: S3Client, config: S3StoreConfig): S3Client["send"] {
  let unkept: S3Client | undefined;
  const anew = () =>
    (unkept ??= makeS3Client({ ...config, credentials: client.config.credentials }, { keepAlive: false }));
  const ask = (command: HeadBucketCommand) =>
    askTwice({
      ask: (abortSignal) => client.send(command, { abortSignal }),
      askAnew: (abortSignal) => anew().send(command, { abortSignal }),
      isUnanswered: (error) => (toS3StoreError(error) as Partial<StoreError>).code === "timed_out",
    });
  return ask as S3Client["send"];
}

function capabilitiesOf({ profile, versioning, objectLock }: S3StoreConfig): StoreCapabilities {
  const { capabilities } = S3_PROFILES[profile];
  return {
    ...capabilities,
    versioning: keepsVersions({ profile, versioning }),
    objectLock: capabilities.objectLock && objectLock === true,
  };
}

function encryptionFields(encryption: S3Encryption): S3Target["encryption"] {
  if (encryption.kind === "none") return {};
  const keyId = encryption.kind === "aws:kms" ? encryption.keyId : undefined;
  return { ServerSideEncryption: encryption.kind, ...(keyId === undefined ? {} : { SSEKMSKeyId: keyId }) };
}
