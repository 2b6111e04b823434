import { type Cipheriv, createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { mkdtemp, open, rm, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Keeps bytes until their size and hash are known. The file has no name and its key is in memory only: after a kill,
 * nothing is left that anyone could read.
 */
export class SealedSpool {
  readonly #file: FileHandle;
  readonly #key = randomBytes(32);
  readonly #iv = randomBytes(16);
  readonly #cipher: Cipheriv = createCipheriv("aes-256-ctr", this.#key, this.#iv);
  readonly #hash = createHash("sha256");
  #sizeBytes = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async open(): Promise<SealedSpool> {
    const folder = await mkdtemp(join(tmpdir(), "custodia-"));
    try {
      return new SealedSpool(await open(join(folder, "spool"), "wx+", 0o600));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  async write(piece: Uint8Array): Promise<void> {
    this.#hash.update(piece);
    await this.#file.write(this.#cipher.update(piece), 0, piece.length, this.#sizeBytes);
    this.#sizeBytes += piece.length;
  }

  /** The SHA-256 of what was written, in hex. Nothing can be written afterwards. */
  finish(): string {
    return this.#hash.digest("hex");
  }

  async *read(): AsyncGenerator<Uint8Array> {
    const decipher = createDecipheriv("aes-256-ctr", this.#key, this.#iv);
    const buffer = Buffer.alloc(64 * 1024);
    for (let position = 0; position < this.#sizeBytes;) {
      const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) throw new Error("the spooled bytes are incomplete");
      position += bytesRead;
      yield decipher.update(buffer.subarray(0, bytesRead));
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
