import { setImmediate } from "node:timers/promises";
import { ink, muted, type Column, type Structure, type TaggedPages } from "@/lib/receipts/pdf/tagged-pages";
import { linesOf, type Line, type Style } from "@/lib/receipts/pdf/text-lines";

/** `head`: names its row or its column. */
type Cell = { text: string; head?: "Row" | "Column" };

const [gap, padding] = [12, 4.5];

const styles = {
  head: { face: "regular", size: 9, leading: 12.5, color: muted! },
  value: { face: "regular", size: 9.5, leading: 13.5, color: ink! },
  code: { face: "mono", size: 8, leading: 12, color: ink! },
} as const satisfies Record<string, Style>;

/** Ids and digests are set in a font whose letters are easy to tell apart. */
const isCode = (text: string) => /^[0-9a-f\n-]{30,}$/.test(text);

type Facts = readonly (readonly [term: string, value: string])[];

const factShares = [1, 2.2];
const rowsOf = (facts: Facts) => facts.map(([term, value]) => [{ text: term, head: "Row" as const }, { text: value }]);

/** Two columns without a head: each row is named by its first cell. */
export const writeFacts = (pages: TaggedPages, facts: Facts): Promise<void> =>
  new Table(pages, factShares).write(null, rowsOf(facts));

/** More are spread over pages. */
const mostTogether = 300;

/** The space that facts need on one page, in points; of many, that of a few. */
export function heightOfFacts(pages: TaggedPages, facts: Facts): number {
  const height = new Table(pages, factShares).heightOf(rowsOf(facts));
  return height > mostTogether ? 50 : height;
}

/** Rows below a head, which is repeated on each further page. */
export function writeTable(
  pages: TaggedPages,
  { head, rows, widths }: { head: readonly string[]; rows: readonly (readonly string[])[]; widths: readonly number[] },
): Promise<void> {
  return new Table(pages, widths).write(
    head.map((text) => ({ text, head: "Column" as const })),
    rows.map((row) => row.map((text, at) => (at === 0 ? { text, head: "Row" as const } : { text }))),
  );
}

type Laid = { lines: Line[]; style: Style; cell: Cell }[];

class Table {
  readonly #pages: TaggedPages;
  readonly #columns: Column[];

  constructor(pages: TaggedPages, shares: readonly number[]) {
    this.#pages = pages;
    const { x, width } = pages.column;
    const whole = shares.reduce((sum, share) => sum + share, 0);
    let left = x;
    this.#columns = shares.map((share, at) => {
      const column = { x: left, width: (share / whole) * width - (at === shares.length - 1 ? 0 : gap) };
      left += (share / whole) * width;
      return column;
    });
  }

  async write(head: readonly Cell[] | null, rows: readonly (readonly Cell[])[]): Promise<void> {
    const laidHead = head && this.#lay(head);
    const table = this.#pages.open(this.#pages.root, "Table");
    if (laidHead) {
      this.#pages.keepTogether(3 * this.#heightOf(laidHead));
      this.#pages.group(table, "THead", (section) => this.#row(section, laidHead));
      this.#close(laidHead, 0.8);
    }
    const body = laidHead ? this.#pages.open(table, "TBody") : table;
    for (const [at, row] of rows.entries()) {
      this.#bodyRow(body, this.#lay(row, laidHead !== null), laidHead);
      // A long table takes seconds: other requests go between its rows.
      if (at % 20 === 19) await setImmediate();
    }
    table.end();
  }

  heightOf(rows: readonly (readonly Cell[])[]): number {
    return rows.reduce((sum, row) => sum + this.#heightOf(this.#lay(row)), 0);
  }

  #bodyRow(section: Structure, row: Laid, head: Laid | null): void {
    if (this.#pages.y + this.#heightOf(row) > this.#pages.bottom) {
      this.#pages.breakPage();
      if (head) {
        this.#pages.artifact(() => this.#draw(head), { type: "Pagination" });
        this.#close(head, 0.8);
      }
    }
    this.#row(section, row);
    this.#close(row, 0.5);
  }

  #lay(row: readonly Cell[], hasHead = false): Laid {
    return row.map((cell, at) => {
      // The first cells of a table with a head are text like the others; those of facts are labels.
      const isLabel = cell.head === "Column" || (cell.head === "Row" && !hasHead);
      const style = isCode(cell.text) ? styles.code : isLabel ? styles.head : styles.value;
      return { cell, style, lines: linesOf(this.#pages.fonts, cell.text, style, this.#columns[at]!.width) };
    });
  }

  #heightOf = (row: Laid) => Math.max(...row.map(({ lines, style }) => lines.length * style.leading)) + 2 * padding;

  #row(section: Structure, row: Laid): void {
    this.#pages.group(section, "TR", (struct) => {
      for (const [at, { cell }] of row.entries()) {
        const options = cell.head ? { scope: cell.head } : {};
        this.#pages.element(struct, cell.head ? "TH" : "TD", () => this.#drawCell(row, at), options);
      }
    });
  }

  #draw(row: Laid): void {
    for (const at of row.keys()) this.#drawCell(row, at);
  }

  #drawCell(row: Laid, at: number): void {
    const { lines, style } = row[at]!;
    for (const [index, line] of lines.entries())
      this.#pages.line(line, style, this.#columns[at]!.x, this.#pages.y + padding + index * style.leading);
  }

  #close(row: Laid, width: number): void {
    this.#pages.y += this.#heightOf(row);
    this.#pages.hairline(width);
  }
}
