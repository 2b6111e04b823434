import type { StoreCapabilities } from "@/lib/core/env/store-capabilities";
import {
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type HeadObjectCommandOutput,
  type PutObjectCommandInput,
  type S3Client,
} from "@aws-sdk/client-s3";
import {
  assertByteRange,
  assertDownloadRequest,
  assertListLimit,
  assertPutOptions,
  assertUploadRequest,
  CONTROL_OBJECT_KEY,
} from "@/lib/storage/check-requests";
import { assertKeyPrefix, assertObjectKey } from "@/lib/storage/object-key";
import type * as Port from "@/lib/storage/object-store";
import { readStartInTwo } from "@/lib/storage/read-start";
import { deleteS3Object } from "@/lib/storage/s3/delete-s3-object";
import { proveS3Absence } from "@/lib/storage/s3/prove-s3-absence";
import { putS3Object } from "@/lib/storage/s3/put-s3-object";
import { readS3Range, readS3Start } from "@/lib/storage/s3/read-s3-range";
import { keepsVersions, S3_PROFILES, type S3ProfileFacts, type S3Encryption } from "@/lib/core/env/s3-profiles";
import { makeS3Client } from "@/lib/storage/s3/s3-client";
import { toS3StoreError } from "@/lib/storage/s3/s3-error";
import { s3LegalHold } from "@/lib/storage/s3/s3-legal-hold";
import { s3Multipart } from "@/lib/storage/s3/s3-multipart";
import { S3Signer } from "@/lib/storage/s3/s3-signer";
import type { S3StoreConfig } from "@/lib/storage/store-config";
import { StoreError } from "@/lib/storage/store-error";

/** Amazon S3 and servers that speak its protocol; their differences are in `S3_PROFILES`. */
export class S3Store implements Port.ObjectStore {
  readonly name: string;
  readonly capabilities: StoreCapabilities;
  readonly takesUnencrypted: boolean;
  readonly multipart: Port.MultipartUploads;
  readonly promote = null;
  readonly legalHold: Port.LegalHoldLocks | null;
  readonly #client: S3Client;
  readonly #signer: S3Signer;
  readonly #bucket: string;
  readonly #profile: S3ProfileFacts;
  readonly #encryption: Pick<PutObjectCommandInput, "ServerSideEncryption" | "SSEKMSKeyId">;
  readonly #encryptionHeaders: Record<string, string>;

  constructor(config: S3StoreConfig) {
    this.name = config.name ?? `s3:${config.profile}`;
    this.#profile = S3_PROFILES[config.profile];
    this.capabilities = capabilitiesOf(config);
    this.takesUnencrypted = config.encryption.kind === "none" && this.capabilities.encryption.length > 0;
    this.#client = makeS3Client(config);
    this.#bucket = config.bucket;
    this.#signer = new S3Signer(this.#client, config.bucket);
    this.legalHold = this.capabilities.objectLock ? s3LegalHold(this.#client, config.bucket) : null;
    this.#encryption = encryptionFields(config.encryption);
    this.#encryptionHeaders = encryptionHeaders(config.encryption);
    const target = {
      client: this.#client,
      bucket: config.bucket,
      signer: this.#signer,
      profile: this.#profile,
      encryption: this.#encryption,
    };
    this.multipart = s3Multipart({
      ...target,
      capabilities: this.capabilities,
      head: (key, versionId) => this.head(key, versionId),
    });
  }

  async signUpload(request: Port.UploadRequest): Promise<Port.SignedUpload> {
    assertUploadRequest(request, this.capabilities);
    const headers: Record<string, string> = {
      "content-type": request.contentType,
      "if-none-match": "*",
      "x-amz-checksum-sha256": Buffer.from(request.sha256, "hex").toString("base64"),
      ...this.#encryptionHeaders,
    };
    const payloadSha256 = this.#profile.uploadHashHeader === "x-amz-content-sha256" ? request.sha256 : undefined;
    const { url, expiresAt } = await this.#signer.presign({
      method: "PUT",
      key: request.key,
      headers: { ...headers, "content-length": String(request.sizeBytes) },
      payloadSha256,
      expiresInSeconds: request.expiresInSeconds,
    });
    // Content-Length is signed but not returned: HTTP clients set it from the body, and browsers forbid to set it.
    return {
      method: "PUT",
      url,
      headers: payloadSha256 ? { ...headers, "x-amz-content-sha256": payloadSha256 } : headers,
      expiresAt,
    };
  }

  async signDownload(request: Port.DownloadRequest): Promise<Port.SignedDownload> {
    assertDownloadRequest(request, this.capabilities);
    const query: Record<string, string> = {};
    if (request.versionId !== undefined) query.versionId = request.versionId;
    if (request.contentType !== undefined) query["response-content-type"] = request.contentType;
    if (request.contentDisposition !== undefined) query["response-content-disposition"] = request.contentDisposition;
    return this.#signer.presign({ method: "GET", key: request.key, query, expiresInSeconds: request.expiresInSeconds });
  }

  async put(
    key: string,
    body: Uint8Array | ReadableStream<Uint8Array>,
    options: Port.PutOptions,
  ): Promise<Port.StoredObject> {
    assertObjectKey(key);
    assertPutOptions(options, this.capabilities);
    const { sha256Reported, conditionalWrite } = this.capabilities;
    // Where the store may ignore the condition, looking first is the best there is; two writers at once can still meet.
    if (options.ifNoneMatch === "*" && !conditionalWrite && (await this.head(key))) {
      throw new StoreError("already_exists", "An object under this key already exists.");
    }
    return putS3Object(
      this.#client,
      { bucket: this.#bucket, key, encryption: this.#encryption, sha256Reported },
      body,
      options,
    );
  }

  async head(key: string, versionId?: string): Promise<Port.ObjectFacts | null> {
    assertObjectKey(key);
    const command = new HeadObjectCommand({
      Bucket: this.#bucket,
      Key: key,
      ...(versionId === undefined ? {} : { VersionId: versionId }),
      ...(this.capabilities.sha256Reported ? { ChecksumMode: "ENABLED" as const } : {}),
    });
    return this.#unlessMissing(async () => factsOf(key, await this.#client.send(command), this.capabilities));
  }

  async readStart(key: string, count: number): Promise<Port.ObjectStart | null> {
    // Amazon S3 tells the checksum of an object with the whole of it alone.
    if (this.capabilities.sha256Reported) return readStartInTwo(this, key, count);
    assertObjectKey(key);
    return this.#unlessMissing(async () => {
      const { answer, totalSizeBytes, firstBytes } = await readS3Start(this.#client, this.#bucket, key, count);
      return { facts: factsOf(key, { ...answer, ContentLength: totalSizeBytes }, this.capabilities), firstBytes };
    });
  }

  async readRange(key: string, range: Port.ByteRange, options: Port.ReadOptions = {}): Promise<Port.ObjectRange> {
    assertObjectKey(key);
    assertByteRange(range);
    return mapped(() => readS3Range(this.#client, this.#bucket, key, range, options));
  }

  async list(request: Port.ListRequest): Promise<Port.ObjectPage> {
    assertKeyPrefix(request.prefix);
    assertListLimit(request.limit);
    const command = new ListObjectsV2Command({
      Bucket: this.#bucket,
      Prefix: request.prefix,
      MaxKeys: request.limit,
      ContinuationToken: request.cursor,
    });
    return mapped(async () => {
      const { Contents = [], NextContinuationToken = null } = await this.#client.send(command);
      const objects = Contents.filter(({ Key }) => Key !== undefined && Key !== CONTROL_OBJECT_KEY);
      return {
        objects: objects.map(({ Key, Size, LastModified }) => ({
          key: Key!,
          sizeBytes: Size ?? 0,
          lastModified: LastModified ?? new Date(0),
        })),
        nextCursor: NextContinuationToken,
      };
    });
  }

  async deleteAllVersions(key: string): Promise<Port.DeletionCounts> {
    assertObjectKey(key);
    return mapped(() => deleteS3Object(this.#client, this.#bucket, key, this.#profile.capabilities.versioning));
  }

  async proveAbsence(key: string): Promise<Port.AbsenceProof> {
    assertObjectKey(key);
    const target = {
      bucket: this.#bucket,
      versioning: this.#profile.capabilities.versioning,
      encryption: this.#encryption,
    };
    return mapped(() => proveS3Absence(this.#client, target, key));
  }

  /** Null where the store says clearly that there is no such object. */
  async #unlessMissing<Result>(look: () => Promise<Result>): Promise<Result | null> {
    try {
      return await look();
    } catch (error) {
      const failure = toS3StoreError(error);
      if (!(failure instanceof StoreError) || failure.code !== "not_found") throw failure;
      await mapped(() => this.#assertBucket());
      return null;
    }
  }

  /** A HEAD of a missing bucket is the same bare 404 as that of a missing object. */
  async #assertBucket(): Promise<void> {
    try {
      await this.#client.send(new HeadBucketCommand({ Bucket: this.#bucket }));
    } catch (error) {
      const failure = toS3StoreError(error) as StoreError;
      throw failure.code === "not_found" ? new StoreError("unavailable", "No such bucket.", { cause: error }) : failure;
    }
  }
}

/** What the profile can and the settings use. */
function capabilitiesOf({ profile, versioning, objectLock }: S3StoreConfig): StoreCapabilities {
  const { capabilities } = S3_PROFILES[profile];
  return {
    ...capabilities,
    versioning: keepsVersions({ profile, versioning }),
    objectLock: capabilities.objectLock && objectLock === true,
  };
}

async function mapped<Result>(action: () => Promise<Result>): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    throw toS3StoreError(error);
  }
}

function factsOf(
  key: string,
  answer: Omit<HeadObjectCommandOutput, "$metadata">,
  capabilities: StoreCapabilities,
): Port.ObjectFacts {
  const checksum =
    capabilities.sha256Reported && answer.ChecksumSHA256 ? Buffer.from(answer.ChecksumSHA256, "base64") : null;
  const wholeObject = checksum?.length === 32 && !answer.ChecksumSHA256!.includes("-");
  const algorithm = capabilities.encryption.find((kind) => kind === answer.ServerSideEncryption);
  return {
    key,
    sizeBytes: answer.ContentLength ?? 0,
    contentType: answer.ContentType ?? "application/octet-stream",
    etag: (answer.ETag ?? "").replaceAll('"', ""),
    versionId: answer.VersionId ?? null,
    sha256: wholeObject ? checksum.toString("hex") : null,
    encryption: algorithm
      ? { algorithm, keyId: answer.SSEKMSKeyId ?? null }
      : capabilities.encryption.length > 0
        ? "none"
        : "unverifiable",
    lastModified: answer.LastModified ?? new Date(0),
  };
}

function encryptionFields(
  encryption: S3Encryption,
): Pick<PutObjectCommandInput, "ServerSideEncryption" | "SSEKMSKeyId"> {
  if (encryption.kind === "none") return {};
  const keyId = encryption.kind === "aws:kms" ? encryption.keyId : undefined;
  return { ServerSideEncryption: encryption.kind, ...(keyId === undefined ? {} : { SSEKMSKeyId: keyId }) };
}

function encryptionHeaders(encryption: S3Encryption): Record<string, string> {
  const { ServerSideEncryption, SSEKMSKeyId } = encryptionFields(encryption);
  return {
    ...(ServerSideEncryption ? { "x-amz-server-side-encryption": ServerSideEncryption } : {}),
    ...(SSEKMSKeyId ? { "x-amz-server-side-encryption-aws-kms-key-id": SSEKMSKeyId } : {}),
  };
}
