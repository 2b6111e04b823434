import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import type { DataKeyWrapper } from "@/lib/core/crypto/chunked-aead-keys";
import { CONTROL_OBJECT_KEY } from "@/lib/storage/request-checks";
import { incomingPath, objectPath, objectsPath } from "@/lib/storage/disk/disk-layout";
import { openObjectFile, type ObjectFile } from "@/lib/storage/disk/object-file";
import { sweepIncoming } from "@/lib/storage/disk/incoming-files";
import { writeObjectFile } from "@/lib/storage/disk/object-file-write";
import { StoreError } from "@/lib/storage/store-error";

const SWEEP_EVERY_MS = 10 * 60_000;

/**
 * The folder of a disk store. A control object with random content is its identity: if the folder is unmounted or
 * replaced while the portal runs, a missing object proves nothing.
 */
export class DiskFolder {
  #identity: Promise<string> | null = null;
  #sweptAt = 0;

  readonly rootPath: string;
  readonly wrapper: DataKeyWrapper;

  constructor(rootPath: string, wrapper: DataKeyWrapper) {
    this.rootPath = rootPath;
    this.wrapper = wrapper;
  }

  /** Creates the folders and the control object at the first use. After a failure the next use tries again. */
  ready(): Promise<string> {
    return (this.#identity ??= this.#prepare().catch((error: unknown) => {
      this.#identity = null;
      throw error;
    }));
  }

  openObject(key: string): Promise<ObjectFile | null> {
    return openObjectFile(objectPath(this.rootPath, key), key, this.wrapper);
  }

  /** @throws StoreError `integrity` if another folder has taken the place of the opened one. */
  async assertIdentity(): Promise<void> {
    const identity = await this.ready();
    const control = await this.openObject(CONTROL_OBJECT_KEY);
    await control?.close();
    if (control?.facts.etag !== identity)
      throw new StoreError("integrity", "The folder was replaced since the store was opened.");
  }

  /** Removes temporary files of crashed uploads, at most every 10 minutes. */
  async sweepSometimes(): Promise<void> {
    if (Date.now() - this.#sweptAt < SWEEP_EVERY_MS) return;
    this.#sweptAt = Date.now();
    await sweepIncoming(this.rootPath);
  }

  async #prepare(): Promise<string> {
    await mkdir(objectsPath(this.rootPath), { recursive: true, mode: 0o700 });
    await mkdir(incomingPath(this.rootPath), { recursive: true, mode: 0o700 });
    const existing = await this.openObject(CONTROL_OBJECT_KEY);
    await existing?.close();
    if (existing) return existing.facts.etag;
    const { rootPath, wrapper } = this;
    const content = { contentType: "application/octet-stream", sizeBytes: 32, sha256: null, replace: false };
    try {
      return (await writeObjectFile({ rootPath, wrapper, key: CONTROL_OBJECT_KEY, ...content }, [randomBytes(32)]))
        .etag;
    } catch (error) {
      // Another process created the control object first.
      if (error instanceof StoreError && error.code === "already_exists") return this.#prepare();
      throw error;
    }
  }
}
