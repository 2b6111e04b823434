import { randomUUID } from "node:crypto";
import { link, mkdir, open, rename, unlink, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { beginObjectEncryption } from "@/lib/core/crypto/chunked-aead";
import type { DataKeyWrapper } from "@/lib/core/crypto/chunked-aead-keys";
import { incomingPath, incomingPrefix, objectPath } from "@/lib/storage/disk/disk-layout";
import { syncFolder } from "@/lib/storage/disk/folder-sync";
import { measureBody, type Body } from "@/lib/storage/declared-body";
import { FACTS_BLOCK_BYTES, sealFacts, type SealedFacts } from "@/lib/storage/sealed-object";
import { StoreError } from "@/lib/storage/store-error";

const BATCH_BYTES = 1024 * 1024;

export interface WriteRequest {
  rootPath: string;
  key: string;
  wrapper: DataKeyWrapper;
  contentType: string;
  /** The exact size; null if it is unknown. */
  sizeBytes: number | null;
  sha256: string | null;
  replace: boolean;
}

/**
 * Writes one object: into a temporary file of the same file system, checked, fsynced, then linked into place. `link`
 * fails if the name is taken, so exactly one of several writers succeeds; a crash leaves only a temporary file.
 */
export async function writeObjectFile(request: WriteRequest, body: Body): Promise<SealedFacts> {
  const temporary = path.join(incomingPath(request.rootPath), `${incomingPrefix(request.key)}${randomUUID()}.part`);
  const handle = await open(temporary, "wx", 0o600);
  try {
    const facts = await writeContent(handle, request, body).finally(() => handle.close());
    await moveIntoPlace(temporary, request);
    return facts;
  } finally {
    await unlink(temporary).catch(ignoreMissing);
  }
}

async function writeContent(handle: FileHandle, request: WriteRequest, body: Body): Promise<SealedFacts> {
  const encryptor = await beginObjectEncryption(request.key, request.wrapper);
  const { pieces, measured } = measureBody(body, request);
  await writeBatched(handle, withFrontMatter(encryptor.header, encryptor.encrypt(pieces)));
  const facts = {
    ...measured,
    contentType: request.contentType,
    etag: measured.sha256.slice(0, 32),
    storedAt: new Date().toISOString(),
  };
  const factsBlock = sealFacts(encryptor, facts);
  await handle.write(factsBlock, 0, factsBlock.length, 0);
  await handle.sync();
  return facts;
}

async function moveIntoPlace(temporary: string, request: WriteRequest): Promise<void> {
  const target = objectPath(request.rootPath, request.key);
  const folder = path.dirname(target);
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    await (request.replace ? rename(temporary, target) : link(temporary, target));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EEXIST") throw new StoreError("already_exists", "An object under this key already exists.");
    // Only a deletion of this key, or the sweep of files older than an hour, removes a temporary file.
    if (code === "ENOENT") throw new StoreError("precondition_failed", "The upload was cancelled.");
    throw error;
  }
  await syncFolder(folder);
  if (made) await syncNewFolders(folder, path.dirname(made));
}

/** Makes new folders durable: syncs each folder above them, up to the first that existed before. */
async function syncNewFolders(from: string, upTo: string): Promise<void> {
  for (let folder = path.dirname(from); folder.startsWith(upTo); folder = path.dirname(folder)) {
    await syncFolder(folder);
    if (folder === upTo) return;
  }
}

/** Leaves space for the facts, which are known at the end, before the encrypted object. */
async function* withFrontMatter(header: Buffer, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield Buffer.concat([Buffer.alloc(FACTS_BLOCK_BYTES), header]);
  yield* chunks;
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

/** Appends pieces to a file, about a mebibyte per system call, because each call uses the thread pool. */
async function writeBatched(handle: FileHandle, pieces: AsyncIterable<Buffer>): Promise<void> {
  let batch: Buffer[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    batch.push(piece);
    bytes += piece.length;
    if (bytes < BATCH_BYTES) continue;
    await writeAll(handle, batch, bytes);
    batch = [];
    bytes = 0;
  }
  await writeAll(handle, batch, bytes);
}

/** Repeats the call for the rest, because one call may write only a part. */
async function writeAll(handle: FileHandle, batch: Buffer[], bytes: number): Promise<void> {
  if (bytes === 0) return;
  const { bytesWritten } = await handle.writev(batch);
  if (bytesWritten === bytes) return;
  const rest = Buffer.concat(batch).subarray(bytesWritten);
  await writeAll(handle, [rest], rest.length);
}
