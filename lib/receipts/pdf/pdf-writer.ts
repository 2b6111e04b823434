import { buffer } from "node:stream/consumers";
import PDFDocument from "pdfkit";
import type { Block, DocumentText, Section } from "@/lib/receipts/pdf/document-text";
import { printable } from "@/lib/receipts/pdf/embedded-fonts";
import { ink, margin, muted, rule, TaggedPages } from "@/lib/receipts/pdf/tagged-pages";
import { heightOfFacts, writeFacts, writeTable } from "@/lib/receipts/pdf/table-rows";
import type { Style } from "@/lib/receipts/pdf/text-lines";

/** A file embedded in the document. */
export type Attachment = { name: string; body: Buffer; description: string };

/** What else the file has: an embedded file, and space for a signature. */
export type Additions = { attachment?: Attachment; prepare?: (pdf: PDFKit.PDFDocument) => void };

const styles = {
  sender: { face: "bold", size: 11, leading: 15, color: ink! },
  small: { face: "regular", size: 8.5, leading: 12, color: muted! },
  plain: { face: "regular", size: 10.5, leading: 15.5, color: ink! },
  title: { face: "bold", size: 21, leading: 28, color: ink! },
  number: { face: "mono", size: 10, leading: 15, color: muted! },
  heading: { face: "bold", size: 12.5, leading: 18, color: ink! },
  code: { face: "mono", size: 8.5, leading: 13, color: ink! },
} as const satisfies Record<string, Style>;

/** Writes a tagged A4 document with embedded fonts. The same text gives the same bytes. */
export async function writePdf(text: DocumentText, { attachment, prepare }: Additions = {}): Promise<Buffer> {
  const pdf = new PDFDocument({
    ...{ size: "A4", margin: 0, bufferPages: true, font: "" },
    ...{ pdfVersion: "1.7", lang: text.locale, tagged: true, displayTitle: true },
    info: {
      Title: oneLine(`${text.title} ${text.number}`),
      Author: oneLine(text.sender.name),
      Subject: oneLine(text.subject),
      Creator: "Custodia",
      CreationDate: text.writtenAt,
    },
  });
  escapeMetadata(pdf);
  const pages = new TaggedPages(pdf);
  writeHead(pages, text);
  for (const section of text.sections) await writeSection(pages, section);
  if (pages.fonts.hasCodes) pages.text(pages.root, "P", text.codesNote, styles.small);
  pages.root.end();
  writeFooters(pages, text.footer);
  if (attachment)
    pdf.file(attachment.body, {
      ...{ name: attachment.name, type: "application/json", description: attachment.description },
      ...{ creationDate: text.writtenAt, modifiedDate: text.writtenAt },
    });
  prepare?.(pdf);
  pdf.end();
  return buffer(pdf as unknown as NodeJS.ReadableStream);
}

/** Readers show the properties of a file as they are, also in the title of the window. */
const oneLine = (text: string) => printable(text).replaceAll("\n", " ");

/** PDFKit 0.20 writes the properties once more, as XML, and as they are: "Silva & Filhos" would end it. */
function escapeMetadata(pdf: PDFKit.PDFDocument): void {
  const { endMetadata } = pdf as unknown as { endMetadata: () => void };
  const escaped = () => {
    for (const key of ["Title", "Author", "Subject"] as const)
      pdf.info[key] = pdf.info[key]!.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    endMetadata.call(pdf);
  };
  Object.assign(pdf, { endMetadata: escaped });
}

function writeHead(pages: TaggedPages, { sender, addressee, title, number, lead }: DocumentText): void {
  const { root } = pages;
  pages.text(root, "P", sender.name, styles.sender);
  if (sender.details !== "") pages.text(root, "P", sender.details, styles.small);
  pages.y += 10;
  pages.hairline(1);
  pages.y += 18;
  for (const line of addressee) pages.text(root, "P", line, styles.plain);
  if (addressee.length > 0) pages.y += 16;
  pages.text(root, "H1", title, styles.title);
  pages.text(root, "P", number, styles.number);
  pages.y += 10;
  for (const paragraph of lead) {
    pages.text(root, "P", paragraph, styles.plain);
    pages.y += 6;
  }
}

const headingHeight = 40;

async function writeSection(pages: TaggedPages, { title, blocks }: Section): Promise<void> {
  const [first] = blocks;
  // Keeps a heading on the same page as the text, the few facts or the first rows after it.
  if (first?.kind === "facts") pages.keepTogether(heightOfFacts(pages, first.facts) + headingHeight);
  else pages.keepTogether(first?.kind === "table" ? headingHeight + 120 : 90);
  if (pages.y > margin) pages.y += 14;
  pages.text(pages.root, "H2", title, styles.heading);
  pages.y += 3;
  for (const block of blocks) {
    await writeBlock(pages, block);
    pages.y += 7;
  }
}

async function writeBlock(pages: TaggedPages, block: Block): Promise<void> {
  if (block.kind === "text") pages.text(pages.root, "P", block.text, styles.plain);
  else if (block.kind === "quote") writeQuote(pages, block.text);
  else if (block.kind === "code") pages.text(pages.root, "Code", block.text, styles.code, indented(pages, 10));
  else if (block.kind === "list") writeList(pages, block.items);
  else if (block.kind === "facts") {
    pages.keepTogether(heightOfFacts(pages, block.facts));
    await writeFacts(pages, block.facts);
  } else await writeTable(pages, block);
}

const indented = ({ column: { x, width } }: TaggedPages, by: number) => ({ x: x + by, width: width - by });

/** Words of somebody else, with a bar beside those that stand on this page. */
function writeQuote(pages: TaggedPages, text: string): void {
  const [before, top] = [pages.pdf.page, pages.y];
  pages.group(pages.root, "BlockQuote", (quote) =>
    pages.text(quote, "P", text, { ...styles.plain, color: muted! }, indented(pages, 14)),
  );
  const from = pages.pdf.page === before ? top : margin;
  pages.artifact(() => pages.pdf.rect(margin, from + 2, 2.5, pages.y - from - 4).fill(rule!));
}

function writeList(pages: TaggedPages, items: readonly string[]): void {
  pages.group(pages.root, "L", (list) => {
    for (const text of items)
      pages.group(list, "LI", (item) => {
        pages.keepTogether(styles.plain.leading * 2);
        const { y } = pages;
        pages.text(item, "Lbl", "•", styles.plain, { x: margin + 2, width: 10 });
        pages.y = y;
        pages.text(item, "LBody", text, styles.plain, indented(pages, 14));
        pages.y += 3;
      });
  });
}

function writeFooters(pages: TaggedPages, { note, page }: DocumentText["footer"]): void {
  const { pdf, column } = pages;
  const { count } = pdf.bufferedPageRange();
  for (let at = 0; at < count; at += 1) {
    pdf.switchToPage(at);
    const top = pdf.page.height - margin + 6;
    pages.artifact(
      () => {
        pages.line(pages.fonts.runsOf(note, "regular"), styles.small, column.x, top);
        const runs = pages.fonts.runsOf(page(at + 1, count), "regular");
        const left = column.x + column.width - pages.fonts.widthOf(runs, styles.small.size);
        pages.line(runs, styles.small, left, top);
      },
      { type: "Pagination" },
    );
  }
}
