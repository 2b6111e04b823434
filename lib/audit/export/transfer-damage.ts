const carriageReturn = 13;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
const wideMarks = new Set(["fffe", "feff"]);

const changed = "the file was changed by an editor or a transfer";

/**
 * What editors and transfers do to a file of lines: line ends of Windows, a byte order mark, a cut end. Undoes it, so
 * that the lines can still be verified, and names it: a file that is not the same byte for byte is not whole.
 */
export class TransferDamage {
  readonly #others: { line: number; detail: string }[] = [];
  #firstReturn = 0;
  #returns = 0;
  /** The file ends within a line. */
  isCut = false;
  /** In UTF-16 no line can be read. */
  isUnreadable = false;

  /**
   * Returns the line as it was exported.
   * @param prefixed the line after a zero byte.
   */
  repair(prefixed: Buffer, number: number): Buffer {
    const line = number === 1 ? this.#withoutMark(prefixed) : prefixed;
    if (line.at(-1) !== carriageReturn) return line;
    this.#firstReturn ||= number;
    this.#returns += 1;
    return line.subarray(0, -1);
  }

  cut(number: number): void {
    this.isCut = true;
    this.#others.push({ line: number, detail: "is cut: the file ends within its last line" });
  }

  get problems(): { line: number; detail: string }[] {
    if (this.#returns === 0) return this.#others;
    const more = this.#returns > 1 ? `, as ${this.#returns - 1} more do` : "";
    return [...this.#others, { line: this.#firstReturn, detail: `ends with CR LF${more}: ${changed}` }];
  }

  #withoutMark(prefixed: Buffer): Buffer {
    this.isUnreadable = wideMarks.has(prefixed.toString("hex", 1, 3));
    const isMarked = prefixed.subarray(1, 4).equals(byteOrderMark);
    if (!this.isUnreadable && !isMarked) return prefixed;
    const encoding = this.isUnreadable ? " of UTF-16" : "";
    this.#others.push({ line: 1, detail: `begins with a byte order mark${encoding}: ${changed}` });
    return isMarked ? Buffer.concat([Buffer.from([0]), prefixed.subarray(4)]) : prefixed;
  }
}
