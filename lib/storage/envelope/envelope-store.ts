import type { StoreCapabilities } from "@/lib/core/env/store-capabilities";
import {
  assertByteRange,
  assertDownloadRequest,
  assertPutOptions,
  assertUploadRequest,
} from "@/lib/storage/request-checks";
import type { DataKeyVault } from "@/lib/storage/envelope/data-key-vault";
import { impliedPlainSize } from "@/lib/storage/envelope/object-key-wrapper";
import { putSealed, SEALED_TYPE } from "@/lib/storage/envelope/sealed-body";
import { SealedReader } from "@/lib/storage/envelope/sealed-reader";
import type { StoreLinks } from "@/lib/storage/links/store-links";
import type * as Port from "@/lib/storage/object-store";
import { assertObjectKey } from "@/lib/storage/object-key";
import { readStartInTwo } from "@/lib/storage/object-start";

export interface EnvelopeOptions {
  vault: DataKeyVault;
  links: StoreLinks;
  /** Objects under this prefix are sealed; all others are passed to the store unchanged. */
  sealedPrefix: string;
  /** If false, new objects are stored unsealed, and older sealed objects can still be read. */
  sealsNew: boolean;
}

const OUR_KIND = "custodia:aes256-gcm";

/**
 * Any store, with recordings encrypted before they reach it. The store has ciphertext only: its provider, a leaked link
 * or an old copy reveal nothing without the key in the vault. Links lead to the portal, which encrypts and decrypts the
 * bytes. Objects stored before sealing was turned on, or after it was turned off, are passed unchanged.
 */
export class EnvelopeStore implements Port.ObjectStore {
  readonly name: string;
  readonly capabilities: StoreCapabilities;
  readonly acceptsUnencrypted: boolean;
  readonly multipart: Port.MultipartUploads | null;
  /** For uploads by the store's own links. A sealed object is never moved: it opens only under its original key. */
  readonly promote: Port.ObjectStore["promote"];
  readonly legalHold: Port.LegalHoldLocks | null;
  readonly links: StoreLinks;
  readonly #store: Port.ObjectStore;
  readonly #vault: DataKeyVault;
  readonly #reader: SealedReader;
  readonly #sealedPrefix: string;
  readonly #sealsNew: boolean;

  constructor(store: Port.ObjectStore, { vault, links, sealedPrefix, sealsNew }: EnvelopeOptions) {
    this.name = store.name;
    this.legalHold = store.legalHold;
    this.links = links;
    this.capabilities = sealsNew ? envelopeCapabilities(store.capabilities) : store.capabilities;
    this.acceptsUnencrypted = !sealsNew && store.acceptsUnencrypted;
    this.multipart = sealsNew ? null : store.multipart;
    this.promote = store.promote;
    this.#store = store;
    this.#vault = vault;
    this.#reader = new SealedReader(store, vault);
    this.#sealedPrefix = sealedPrefix;
    this.#sealsNew = sealsNew;
  }

  async signUpload(request: Port.UploadRequest): Promise<Port.SignedUpload> {
    assertUploadRequest(request, this.capabilities);
    return this.#sealsNew && this.#mayBeSealed(request.key)
      ? this.links.signUpload(request)
      : this.#store.signUpload(request);
  }

  async signDownload(request: Port.DownloadRequest): Promise<Port.SignedDownload> {
    assertDownloadRequest(request, this.capabilities);
    const isSealed = this.#mayBeSealed(request.key) && (await this.#hasDataKey(request.key, {}));
    return isSealed ? this.links.signDownload(request) : this.#store.signDownload(request);
  }

  async put(key: string, body: Port.Bytes, options: Port.PutOptions): Promise<Port.StoredObject> {
    if (!this.#sealsNew || !this.#mayBeSealed(key)) return this.#store.put(key, body, options);
    assertObjectKey(key);
    assertPutOptions(options, this.capabilities);
    return putSealed(this.#store, key, await this.#vault.create(key), body, options);
  }

  async head(key: string, versionId?: string): Promise<Port.ObjectFacts | null> {
    const outer = await this.#store.head(key, versionId);
    if (outer?.contentType !== SEALED_TYPE || !this.#mayBeSealed(key)) return outer;
    const opened = await this.#reader.open(key, { ifMatch: outer.etag, versionId: outer.versionId ?? undefined });
    if (!opened) return outer;
    const { sizeBytes, contentType, sha256 } = opened.object.facts;
    const encryption = { algorithm: OUR_KIND, keyId: opened.vaultKey.keyId } as const;
    return { ...outer, sizeBytes, contentType, sha256: this.capabilities.sha256Reported ? sha256 : null, encryption };
  }

  /** The vault decides whether the object is sealed, as in `#readPlain`. */
  async readStart(key: string, count: number): Promise<Port.ObjectStart | null> {
    if (!this.#mayBeSealed(key)) return this.#store.readStart(key, count);
    if (await this.#hasDataKey(key, {})) return readStartInTwo(this, key, count);
    const outer = await this.#store.readStart(key, count);
    return outer?.facts.contentType === SEALED_TYPE ? readStartInTwo(this, key, count) : outer;
  }

  async readRange(key: string, range: Port.ByteRange, options: Port.ReadOptions = {}): Promise<Port.ObjectRange> {
    assertObjectKey(key);
    assertByteRange(range);
    return (
      (await this.#readPlain(key, range, options)) ??
      (await this.#reader.readRange(key, range, options)) ??
      this.#store.readRange(key, range, options)
    );
  }

  async list(request: Port.ListRequest): Promise<Port.ObjectPage> {
    const page = await this.#store.list(request);
    // A list does not show which objects are sealed: while new objects are sealed, all sizes are computed as sealed.
    if (!this.#sealsNew) return page;
    return {
      ...page,
      objects: page.objects.map((object) =>
        this.#mayBeSealed(object.key) ? { ...object, sizeBytes: impliedPlainSize(object.sizeBytes) } : object,
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
   * Reads an object without a data key in one request to the store; null if it must be opened first. The database
   * decides, not the store: otherwise clear audio put in the place of a sealed object would be played.
   */
  async #readPlain(key: string, range: Port.ByteRange, options: Port.ReadOptions): Promise<Port.ObjectRange | null> {
    const mayBeSealed = this.#mayBeSealed(key);
    if (mayBeSealed && (await this.#hasDataKey(key, options))) return null;
    const answered = await this.#store.readRange(key, range, options);
    if (!mayBeSealed || answered.contentType !== SEALED_TYPE) return answered;
    await answered.stream.cancel();
    return null;
  }

  /** While new objects are sealed and the caller does not know, assumes a key: opening the object finds out. */
  async #hasDataKey(key: string, { hasDataKey }: Port.ReadOptions): Promise<boolean> {
    return hasDataKey ?? (this.#sealsNew || (await this.#vault.open(key)) !== null);
  }
}

function envelopeCapabilities(inner: StoreCapabilities): StoreCapabilities {
  return {
    ...inner,
    sha256Verified: true,
    encryption: [OUR_KIND, ...inner.encryption.filter((kind) => kind !== OUR_KIND)],
    multipart: false,
    signedVersion: inner.versioning,
    // Room for headers and tags: 16 bytes per 65,552, and less than 2 KiB.
    maxUploadBytes: Math.floor(inner.maxUploadBytes * 0.999) - 2048,
    maxLinkSeconds: 7 * 24 * 3600,
  };
}
