import type { StoreCapabilities } from "@/lib/core/env/store-capabilities";
import { ChunkedAeadError } from "@/lib/core/crypto/chunked-aead-format";
import {
  assertByteRange,
  assertDownloadRequest,
  assertPutOptions,
  assertUploadRequest,
} from "@/lib/storage/check-requests";
import type { DataKeyVault, VaultKey } from "@/lib/storage/envelope/data-key-vault";
import { objectKeyWrapper, openedSize } from "@/lib/storage/envelope/object-key-wrapper";
import { sealBody, SealedFronts, type SealedFront } from "@/lib/storage/envelope/seal-body";
import type { StoreLinks } from "@/lib/storage/links/store-links";
import { assertObjectKey } from "@/lib/storage/object-key";
import type * as Port from "@/lib/storage/object-store";
import { readStartInTwo } from "@/lib/storage/read-start";
import { isSealed, openSealedObject, sealedObjectError, type SealedObject } from "@/lib/storage/sealed-object";
import { StoreError } from "@/lib/storage/store-error";
import { streamOf } from "@/lib/storage/byte-streams";

export interface EnvelopeOptions {
  vault: DataKeyVault;
  links: StoreLinks;
  /** Objects under this prefix are sealed; the others pass as they are. */
  sealedPrefix: string;
  /** False: what is new goes to the store as it is, and what was sealed before is still opened. */
  sealsNew: boolean;
}

/** What the store itself is told a sealed object is. */
const SEALED_TYPE = "application/octet-stream";
const OUR_KIND = "custodia:aes256-gcm";

/**
 * Any store, with recordings encrypted before they reach it: it holds ciphertext alone, and its provider, a leaked link
 * or a forgotten copy give nothing without the key in the vault. Links lead to the portal, which encrypts and decrypts
 * as bytes pass. What was stored before sealing began, or after it ended, passes as it is.
 */
export class EnvelopeStore implements Port.ObjectStore {
  readonly name: string;
  readonly capabilities: StoreCapabilities;
  readonly takesUnencrypted: boolean;
  readonly multipart: Port.MultipartUploads | null;
  /**
   * For what came by a link of the store itself. Nothing sealed is moved: it opens under the key alone that it was
   * sealed for.
   */
  readonly promote: Port.ObjectStore["promote"];
  readonly legalHold: Port.LegalHoldLocks | null;
  readonly links: StoreLinks;
  readonly #store: Port.ObjectStore;
  readonly #vault: DataKeyVault;
  readonly #sealedPrefix: string;
  readonly #sealsNew: boolean;
  readonly #fronts: SealedFronts;

  constructor(store: Port.ObjectStore, { vault, links, sealedPrefix, sealsNew }: EnvelopeOptions) {
    this.name = store.name;
    this.legalHold = store.legalHold;
    this.links = links;
    this.capabilities = sealsNew ? envelopeCapabilities(store.capabilities) : store.capabilities;
    this.takesUnencrypted = !sealsNew && store.takesUnencrypted;
    this.multipart = sealsNew ? null : store.multipart;
    this.promote = store.promote;
    this.#store = store;
    this.#vault = vault;
    this.#sealedPrefix = sealedPrefix;
    this.#sealsNew = sealsNew;
    this.#fronts = new SealedFronts(store);
  }

  async signUpload(request: Port.UploadRequest): Promise<Port.SignedUpload> {
    assertUploadRequest(request, this.capabilities);
    return this.#sealsNew && this.#mayBeSealed(request.key)
      ? this.links.signUpload(request)
      : this.#store.signUpload(request);
  }

  async signDownload(request: Port.DownloadRequest): Promise<Port.SignedDownload> {
    assertDownloadRequest(request, this.capabilities);
    const isOurs = this.#mayBeSealed(request.key) && (this.#sealsNew || (await this.#vault.open(request.key)) !== null);
    return isOurs ? this.links.signDownload(request) : this.#store.signDownload(request);
  }

  async put(
    key: string,
    body: Uint8Array | ReadableStream<Uint8Array>,
    options: Port.PutOptions,
  ): Promise<Port.StoredObject> {
    if (!this.#sealsNew || !this.#mayBeSealed(key)) return this.#store.put(key, body, options);
    assertObjectKey(key);
    assertPutOptions(options, this.capabilities);
    const { sha256: _, ...others } = options;
    const sealed = await sealBody(key, await this.#vault.create(key), body, options);
    const stream = streamOf(
      sealed.pieces,
      async () => undefined,
      (error) => error,
    );
    try {
      const { etag, versionId } = await this.#store.put(key, stream, {
        ...others,
        contentType: SEALED_TYPE,
        sizeBytes: sealed.sealedSizeBytes,
      });
      return { sizeBytes: sealed.sizeBytes, etag, versionId, sha256: sealed.sha256() };
    } catch (error) {
      throw sealed.failure() ?? error;
    }
  }

  async head(key: string, versionId?: string): Promise<Port.ObjectFacts | null> {
    const outer = await this.#store.head(key, versionId);
    if (outer?.contentType !== SEALED_TYPE || !this.#mayBeSealed(key)) return outer;
    const opened = await this.#open(key, { ifMatch: outer.etag, versionId: outer.versionId ?? undefined });
    if (!opened) return outer;
    const { sizeBytes, contentType, sha256 } = opened.object.facts;
    const encryption = { algorithm: OUR_KIND, keyId: opened.vaultKey.keyId } as const;
    return { ...outer, sizeBytes, contentType, sha256: this.capabilities.sha256Reported ? sha256 : null, encryption };
  }

  /** As `#readPlain`, which says why the vault is asked. */
  async readStart(key: string, count: number): Promise<Port.ObjectStart | null> {
    if (!this.#mayBeSealed(key)) return this.#store.readStart(key, count);
    if (this.#sealsNew || (await this.#vault.open(key)) !== null) return readStartInTwo(this, key, count);
    const outer = await this.#store.readStart(key, count);
    return outer?.facts.contentType === SEALED_TYPE ? readStartInTwo(this, key, count) : outer;
  }

  async readRange(key: string, range: Port.ByteRange, options: Port.ReadOptions = {}): Promise<Port.ObjectRange> {
    assertObjectKey(key);
    assertByteRange(range);
    const plain = await this.#readPlain(key, range, options);
    if (plain) return plain;
    const opened = await this.#open(key, options);
    if (!opened) return this.#store.readRange(key, range, options);
    const { object, front } = opened;
    const { sizeBytes: totalSizeBytes, contentType } = object.facts;
    if (range.start >= totalSizeBytes && !(range.start === 0 && totalSizeBytes === 0)) {
      throw new StoreError("range_not_satisfiable", "The range starts past the end of the object.");
    }
    const endInclusive = Math.min(range.endInclusive, Math.max(0, totalSizeBytes - 1));
    const sizeBytes = totalSizeBytes === 0 ? 0 : endInclusive - range.start + 1;
    const stream = streamOf(object.decryptRange(range.start, endInclusive), async () => undefined, asStoreError);
    return {
      stream,
      sizeBytes,
      start: range.start,
      endInclusive,
      totalSizeBytes,
      contentType,
      etag: front.etag,
      versionId: front.versionId,
    };
  }

  async list(request: Port.ListRequest): Promise<Port.ObjectPage> {
    const page = await this.#store.list(request);
    // A list does not tell what is sealed: sizes are as most objects are.
    if (!this.#sealsNew) return page;
    return {
      ...page,
      objects: page.objects.map((object) =>
        this.#mayBeSealed(object.key) ? { ...object, sizeBytes: listedSize(object.sizeBytes) } : object,
      ),
    };
  }

  deleteAllVersions(key: string): Promise<Port.DeletionCounts> {
    return this.#store.deleteAllVersions(key);
  }

  proveAbsence(key: string): Promise<Port.AbsenceProof> {
    return this.#store.proveAbsence(key);
  }

  #mayBeSealed(key: string): boolean {
    return key.startsWith(this.#sealedPrefix);
  }

  /**
   * Reads an object that has no data key in one request to the store; null for one that must be opened first. The
   * database decides, not the store: otherwise clear audio in the place of a sealed object would be played.
   */
  async #readPlain(key: string, range: Port.ByteRange, options: Port.ReadOptions): Promise<Port.ObjectRange | null> {
    const mayBeSealed = this.#mayBeSealed(key);
    if (mayBeSealed && (await this.#hasDataKey(key, options))) return null;
    const answered = await this.#store.readRange(key, range, options);
    if (!mayBeSealed || answered.contentType !== SEALED_TYPE) return answered;
    await answered.stream.cancel();
    return null;
  }

  /** Where new objects are sealed and the caller does not know, most have a key, and `#open` finds out in parallel. */
  async #hasDataKey(key: string, { hasDataKey }: Port.ReadOptions): Promise<boolean> {
    return hasDataKey ?? (this.#sealsNew || (await this.#vault.open(key)) !== null);
  }

  /** Null for an object that was stored before sealing was turned on: it has no key, and is none of ours. */
  async #open(
    key: string,
    options: Port.ReadOptions,
  ): Promise<{ object: SealedObject; front: SealedFront; vaultKey: VaultKey } | null> {
    const [front, vaultKey] = await Promise.all([this.#fronts.read(key, options), this.#vault.open(key)]);
    if (!vaultKey) {
      if (isSealed(front.firstBytes)) throw new StoreError("key_missing", "No key for this object.");
      return null;
    }
    const { firstBytes, sealedSizeBytes, etag, versionId } = front;
    const pinned = { ifMatch: etag, versionId: versionId ?? undefined, signal: options.signal };
    const readSealedRange = async (start: number, endInclusive: number) =>
      (await this.#store.readRange(key, { start, endInclusive }, pinned)).stream;
    try {
      const object = await openSealedObject({
        objectKey: key,
        wrapper: objectKeyWrapper(vaultKey),
        firstBytes,
        sealedSizeBytes,
        readSealedRange,
      });
      return { object, front, vaultKey };
    } catch (error) {
      throw asStoreError(error);
    }
  }
}

function envelopeCapabilities(inner: StoreCapabilities): StoreCapabilities {
  return {
    ...inner,
    sha256Verified: true,
    encryption: [OUR_KIND, ...inner.encryption.filter((kind) => kind !== OUR_KIND)],
    multipart: false,
    signedVersion: inner.versioning,
    // Room for headers and tags: 16 bytes in 65,552, and less than 2 KiB.
    maxUploadBytes: Math.floor(inner.maxUploadBytes * 0.999) - 2048,
    maxLinkSeconds: 7 * 24 * 3600,
  };
}

function asStoreError(error: unknown): unknown {
  return error instanceof ChunkedAeadError ? sealedObjectError(error) : error;
}

function listedSize(storedBytes: number): number {
  try {
    return openedSize(storedBytes);
  } catch (error) {
    if (error instanceof ChunkedAeadError) return storedBytes;
    throw error;
  }
}
