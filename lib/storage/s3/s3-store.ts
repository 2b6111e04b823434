import type { StoreCapabilities } from "@/lib/core/env/store-capabilities";
import {
  assertByteRange,
  assertDownloadRequest,
  assertListLimit,
  assertPutOptions,
  assertUploadRequest,
} from "@/lib/storage/request-checks";
import type * as Port from "@/lib/storage/object-store";
import { assertKeyPrefix, assertObjectKey } from "@/lib/storage/object-key";
import { readStartInTwo } from "@/lib/storage/object-start";
import { readWithinEnd } from "@/lib/storage/range-behind-end";
import { proveS3Absence } from "@/lib/storage/s3/s3-absence";
import { deleteS3Object } from "@/lib/storage/s3/s3-deletion";
import { mapS3Errors } from "@/lib/storage/s3/s3-error";
import { s3LegalHold } from "@/lib/storage/s3/s3-legal-hold";
import { signS3Download, signS3Upload } from "@/lib/storage/s3/s3-links";
import { s3Multipart } from "@/lib/storage/s3/s3-multipart";
import { headS3Object } from "@/lib/storage/s3/s3-object-facts";
import { listS3Objects, readS3Range } from "@/lib/storage/s3/s3-reads";
import { readS3Start } from "@/lib/storage/s3/s3-start";
import { s3Target, type S3Target } from "@/lib/storage/s3/s3-target";
import { putS3Object } from "@/lib/storage/s3/s3-writes";
import type { S3StoreConfig } from "@/lib/storage/store-config";
import { StoreError } from "@/lib/storage/store-error";

/** Amazon S3 and servers with the same protocol; `S3_PROFILES` describes their differences. */
export class S3Store implements Port.ObjectStore {
  readonly name: string;
  readonly capabilities: StoreCapabilities;
  readonly acceptsUnencrypted: boolean;
  readonly multipart: Port.MultipartUploads;
  readonly promote = null;
  readonly legalHold: Port.LegalHoldLocks | null;
  readonly #target: S3Target;

  constructor(config: S3StoreConfig) {
    this.name = config.name ?? `s3:${config.profile}`;
    this.#target = s3Target(config);
    this.capabilities = this.#target.capabilities;
    this.acceptsUnencrypted = config.encryption.kind === "none" && this.capabilities.encryption.length > 0;
    this.legalHold = this.capabilities.objectLock ? s3LegalHold(this.#target) : null;
    this.multipart = s3Multipart(this.#target);
  }

  async signUpload(request: Port.UploadRequest): Promise<Port.SignedUpload> {
    assertUploadRequest(request, this.capabilities);
    return signS3Upload(this.#target, request);
  }

  async signDownload(request: Port.DownloadRequest): Promise<Port.SignedDownload> {
    assertDownloadRequest(request, this.capabilities);
    return signS3Download(this.#target, request);
  }

  async put(key: string, body: Port.Bytes, options: Port.PutOptions): Promise<Port.StoredObject> {
    assertObjectKey(key);
    assertPutOptions(options, this.capabilities);
    // If the store may ignore the condition, a check before is the best possible; two concurrent writers can still
    // meet.
    if (options.ifNoneMatch === "*" && !this.capabilities.conditionalWrite && (await this.head(key)))
      throw new StoreError("already_exists", "An object under this key already exists.");
    return putS3Object(this.#target, key, body, options);
  }

  async head(key: string, versionId?: string): Promise<Port.ObjectFacts | null> {
    assertObjectKey(key);
    return headS3Object(this.#target, key, versionId);
  }

  async readStart(key: string, count: number): Promise<Port.ObjectStart | null> {
    // Amazon S3 returns the checksum of an object only with the whole object or with HEAD.
    if (this.capabilities.sha256Reported) return readStartInTwo(this, key, count);
    assertObjectKey(key);
    return readS3Start(this.#target, key, count);
  }

  async readRange(key: string, range: Port.ByteRange, options: Port.ReadOptions = {}): Promise<Port.ObjectRange> {
    assertObjectKey(key);
    assertByteRange(range);
    const read = () => mapS3Errors(() => readS3Range(this.#target, key, range, options));
    return readWithinEnd(this, { key, range, options }, read);
  }

  async list(request: Port.ListRequest): Promise<Port.ObjectPage> {
    assertKeyPrefix(request.prefix);
    assertListLimit(request.limit);
    return mapS3Errors(() => listS3Objects(this.#target, request));
  }

  async deleteAllVersions(key: string): Promise<Port.DeletionCounts> {
    assertObjectKey(key);
    return mapS3Errors(() => deleteS3Object(this.#target, key));
  }

  async proveAbsence(key: string): Promise<Port.AbsenceProof> {
    assertObjectKey(key);
    return mapS3Errors(() => proveS3Absence(this.#target, key));
  }
}
