import type { StoreCapabilities } from "@/lib/core/env/store-capabilities";
import { access } from "node:fs/promises";
import { localDataKeyWrapper } from "@/lib/core/crypto/chunked-aead-keys";
import {
  assertByteRange,
  assertDownloadRequest,
  assertListLimit,
  assertPutOptions,
  assertUploadRequest,
  CONTROL_OBJECT_KEY,
} from "@/lib/storage/request-checks";
import { DiskFolder } from "@/lib/storage/disk/disk-folder";
import { objectPath } from "@/lib/storage/disk/disk-layout";
import { StoreLinks } from "@/lib/storage/links/store-links";
import { listObjectFiles } from "@/lib/storage/disk/object-file-list";
import { readObjectRange, toStoreError } from "@/lib/storage/disk/object-file";
import { unfinishedUploads, unlinkIfExists } from "@/lib/storage/disk/incoming-files";
import { writeObjectFile } from "@/lib/storage/disk/object-file-write";
import { assertKeyPrefix, assertObjectKey } from "@/lib/storage/object-key";
import type * as Port from "@/lib/storage/object-store";
import { readStartInTwo } from "@/lib/storage/object-start";
import type { DiskStoreConfig } from "@/lib/storage/store-config";
import { StoreError } from "@/lib/storage/store-error";
import path from "node:path";
import { syncFolder } from "@/lib/storage/disk/folder-sync";

export const DISK_CAPABILITIES: StoreCapabilities = {
  sha256Verified: true,
  sha256Reported: true,
  conditionalWrite: true,
  encryption: ["custodia:aes256-gcm"],
  versioning: false,
  objectLock: false,
  multipart: false,
  signedVersion: false,
  headShowsBytes: true,
  maxUploadBytes: 1024 ** 4,
  maxLinkSeconds: 7 * 24 * 3600,
};

/**
 * The embedded store for installations on one machine: encrypted files in a folder, with links that the portal signs
 * and answers (`answerStoreRequest`). Several processes may use one folder.
 */
export class DiskStore implements Port.ObjectStore {
  readonly name: string;
  readonly capabilities = DISK_CAPABILITIES;
  readonly acceptsUnencrypted = false;
  readonly multipart = null;
  readonly promote = null;
  readonly legalHold = null;
  readonly links: StoreLinks;
  readonly #folder: DiskFolder;

  constructor(config: DiskStoreConfig) {
    this.name = config.name ?? "disk";
    this.links = new StoreLinks(config.linkSigningKeys, config.publicBaseUrl);
    this.#folder = new DiskFolder(config.rootPath, localDataKeyWrapper(config.encryptionKeys));
  }

  async signUpload(request: Port.UploadRequest): Promise<Port.SignedUpload> {
    assertUploadRequest(request, this.capabilities);
    return this.links.signUpload(request);
  }

  async signDownload(request: Port.DownloadRequest): Promise<Port.SignedDownload> {
    assertDownloadRequest(request, this.capabilities);
    return this.links.signDownload(request);
  }

  async put(key: string, body: Port.Bytes, options: Port.PutOptions): Promise<Port.StoredObject> {
    assertObjectKey(key);
    assertPutOptions(options, this.capabilities);
    const { contentType, sizeBytes = null, sha256 = null } = options;
    return this.#guarded(async ({ rootPath, wrapper }) => {
      await this.#folder.sweepSometimes();
      const target = { rootPath, wrapper, key, contentType, sizeBytes, sha256, replace: options.ifNoneMatch === null };
      const facts = await writeObjectFile(target, body instanceof Uint8Array ? [body] : body);
      return { sizeBytes: facts.sizeBytes, etag: facts.etag, versionId: null, sha256: facts.sha256 };
    });
  }

  async head(key: string, versionId?: string): Promise<Port.ObjectFacts | null> {
    assertObjectKey(key);
    refuseVersion(versionId);
    return this.#guarded(async (folder) => {
      const file = await folder.openObject(key);
      if (!file) return folder.assertIdentity().then(() => null);
      await file.close();
      const { storedAt, ...facts } = file.facts;
      const encryption = { algorithm: "custodia:aes256-gcm", keyId: file.keyId } as const;
      return { key, ...facts, versionId: null, encryption, lastModified: new Date(storedAt) };
    });
  }

  readStart(key: string, count: number): Promise<Port.ObjectStart | null> {
    return readStartInTwo(this, key, count);
  }

  async readRange(key: string, range: Port.ByteRange, options: Port.ReadOptions = {}): Promise<Port.ObjectRange> {
    assertObjectKey(key);
    assertByteRange(range);
    refuseVersion(options.versionId);
    return this.#guarded(async (folder) => {
      const file = await folder.openObject(key);
      if (!file) throw new StoreError("not_found", "No object under this key.");
      return readObjectRange(file, range, options).catch(async (error: unknown) => {
        await file.close();
        throw error;
      });
    });
  }

  async list(request: Port.ListRequest): Promise<Port.ObjectPage> {
    assertKeyPrefix(request.prefix);
    assertListLimit(request.limit);
    return this.#guarded(({ rootPath }) => listObjectFiles(rootPath, request));
  }

  async deleteAllVersions(key: string): Promise<Port.DeletionCounts> {
    assertObjectKey(key);
    return this.#guarded(({ rootPath }) => deleteObjectFile(rootPath, key));
  }

  async proveAbsence(key: string): Promise<Port.AbsenceProof> {
    assertObjectKey(key);
    return this.#guarded(async (folder) => {
      const versions = (await exists(objectPath(folder.rootPath, key))) ? 1 : 0;
      const unfinished = (await unfinishedUploads(folder.rootPath, key)).length;
      await folder.assertIdentity();
      const found = { versions, deleteMarkers: 0, unfinishedUploads: unfinished };
      return { key, absent: versions + unfinished === 0, found, controlKey: CONTROL_OBJECT_KEY, checkedAt: new Date() };
    });
  }

  async #guarded<Result>(action: (folder: DiskFolder) => Promise<Result>): Promise<Result> {
    try {
      await this.#folder.ready();
      return await action(this.#folder);
    } catch (error) {
      throw toStoreError(error);
    }
  }
}

function refuseVersion(versionId: string | undefined): void {
  if (versionId !== undefined) throw new StoreError("not_supported", "This store has no versions.");
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/**
 * Removes the object and the temporary files of its uploads. A running upload then fails when it moves its file into
 * place, so it cannot restore the object.
 */
async function deleteObjectFile(rootPath: string, key: string): Promise<Port.DeletionCounts> {
  let unfinishedUploadsAborted = 0;
  for (const file of await unfinishedUploads(rootPath, key)) unfinishedUploadsAborted += await unlinkIfExists(file);
  const target = objectPath(rootPath, key);
  const versionsDeleted = await unlinkIfExists(target);
  if (versionsDeleted > 0) await syncFolder(path.dirname(target));
  return { versionsDeleted, deleteMarkersDeleted: 0, unfinishedUploadsAborted };
}
