import { EmbeddedFonts } from "@/lib/receipts/pdf/embedded-fonts";
import { linesOf, type Line, type Style } from "@/lib/receipts/pdf/text-lines";

export type Structure = PDFKit.PDFStructureElement;
type Options = { scope?: "Row" | "Column" };

export const margin = 64;
export const [ink, muted, rule] = ["#1c1f23", "#5a6270", "#d5d9e0"];

/** A place for text: points from the left edge of the page, and how wide. */
export type Column = { x: number; width: number };

/** Writes tagged text from top to bottom, on as many pages as it needs. */
export class TaggedPages {
  readonly pdf: PDFKit.PDFDocument;
  readonly fonts: EmbeddedFonts;
  readonly root: Structure;
  /** The writing position: points from the top of the page. */
  y = margin;

  constructor(pdf: PDFKit.PDFDocument) {
    this.pdf = pdf;
    this.fonts = new EmbeddedFonts(pdf);
    this.root = pdf.struct("Document");
    pdf.addStructure(this.root);
  }

  get column(): Column {
    return { x: margin, width: this.pdf.page.width - 2 * margin };
  }

  get bottom(): number {
    return this.pdf.page.height - margin - 16;
  }

  /** Continues on a new page, inside the same element. */
  breakPage(): void {
    this.pdf.continueOnNewPage();
    this.y = margin;
  }

  /** Begins a new page if less than this is left. */
  keepTogether(points: number): void {
    if (this.y + points > this.bottom) this.breakPage();
  }

  /** An element that other elements are in. */
  group(parent: Structure, tag: string, write: (element: Structure) => void): void {
    const element = this.open(parent, tag);
    write(element);
    element.end();
  }

  /** An element whose caller ends it. */
  open(parent: Structure, tag: string): Structure {
    const element = this.pdf.struct(tag as "P");
    parent.add(element);
    return element;
  }

  /** An element with text in it, from the writing position on. */
  text(parent: Structure, tag: string, text: string, style: Style, column = this.column): void {
    const lines = linesOf(this.fonts, text, style, column.width);
    this.keepTogether(style.leading * Math.min(lines.length, 2));
    this.element(parent, tag, () => {
      for (const line of lines) {
        this.keepTogether(style.leading);
        this.line(line, style, column.x, this.y);
        this.y += style.leading;
      }
    });
  }

  element(parent: Structure, tag: string, write: () => void, options: Options = {}): void {
    parent.add(this.pdf.struct(tag as "P", options as object, write));
  }

  /** Draws what readers do not hear: rules, page numbers, repeated heads. */
  artifact(draw: () => void, options?: { type: "Pagination" }): void {
    this.pdf.markContent("Artifact", options);
    draw();
    this.pdf.endMarkedContent();
  }

  /** Draws one line of text with its upper edge at `top`. */
  line(line: Line, { size, leading, color }: Style, x: number, top: number): void {
    const baseline = top + leading / 2 + size * 0.35;
    let left = x;
    for (const [at, run] of line.entries()) {
      if (run.spoken !== undefined) this.pdf.markContent("Span", { actual: run.spoken });
      this.pdf.font(run.face, size).fillColor(color);
      this.pdf.text(run.text, left, baseline, { lineBreak: false, baseline: "alphabetic" });
      if (run.spoken !== undefined) this.pdf.endMarkedContent();
      if (at < line.length - 1) left += this.fonts.widthOf([run], size);
    }
  }

  /** A line across the column at the writing position. */
  hairline(width: number, { x, width: length } = this.column, color = rule): void {
    this.artifact(() =>
      this.pdf
        .moveTo(x, this.y)
        .lineTo(x + length, this.y)
        .lineWidth(width)
        .strokeColor(color!)
        .stroke(),
    );
  }
}
