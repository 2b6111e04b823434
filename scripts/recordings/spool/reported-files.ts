import { createHash } from "node:crypto";

const most = 500_000;

/** Remembers what was said about which files, in little memory, so that it is said once. Forgets the oldest. */
export class ReportedFiles {
  readonly #digests = new Set<number>();

  /** False if this was added before. */
  add(file: string, text = ""): boolean {
    const digest = digestOf(file, text);
    if (this.#digests.has(digest)) return false;
    this.#digests.add(digest);
    if (this.#digests.size > most) this.#digests.delete(this.#digests.values().next().value!);
    return true;
  }

  has(file: string, text = ""): boolean {
    return this.#digests.size > 0 && this.#digests.has(digestOf(file, text));
  }

  delete(file: string): void {
    this.#digests.delete(digestOf(file, ""));
  }
}

/** 48 bits: two of a million files have the same with a chance of one in five hundred. */
const digestOf = (file: string, text: string) =>
  createHash("sha256").update(`${file}\0${text}`).digest().readUIntBE(0, 6);
