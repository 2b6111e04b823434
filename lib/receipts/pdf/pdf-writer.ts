import { buffer } from "node:stream/consumers";
import PDFDocument from "pdfkit";

export type Block =
  | { kind: "facts"; facts: readonly (readonly [term: string, value: string])[] }
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "table"; head: readonly string[]; rows: readonly (readonly string[])[]; widths: readonly number[] };

export type Section = { title: string; blocks: readonly Block[] };

/** The part of a certificate that is specific to its scope. */
export type Opening = { title: string; lead: string; sections: Section[] };

/** The content of a certificate, independent of its layout. */
export type Certificate = {
  title: string;
  number: string;
  controller: string;
  lead: string;
  sections: readonly Section[];
};

const margin = 56;
const [ink, muted, line] = ["#1c1f23", "#5a6270", "#d5d9e0"];
const [regular, bold, mono] = ["Helvetica", "Helvetica-Bold", "Courier"];

type Document = PDFKit.PDFDocument;
type Structure = PDFKit.PDFStructureElement;

/** A file embedded in the certificate. */
export type Attachment = { name: string; body: Buffer; description: string };

/**
 * Writes a certificate as a tagged A4 document. The time of issue is printed separately: the signed content does not
 * contain it.
 */
export async function writePdf(
  certificate: Certificate,
  issuedAt: string,
  attachment: Attachment | null,
): Promise<Buffer> {
  const pdf = new PDFDocument({
    ...{ size: "A4", margins: { top: margin, bottom: margin + 16, left: margin, right: margin }, bufferPages: true },
    ...{ pdfVersion: "1.7", lang: "pt-BR", tagged: true, displayTitle: true },
    info: {
      Title: `${certificate.title} ${certificate.number}`,
      Author: certificate.controller,
      Subject: "Eliminação de gravação de chamada (LGPD)",
      Creator: "Custodia",
    },
  });
  const root = pdf.struct("Document");
  pdf.addStructure(root);
  writeHead(pdf, root, certificate);
  for (const section of certificate.sections) writeSection(pdf, root, section);
  root.end();
  writeFooters(pdf, certificate.number, issuedAt);
  if (attachment)
    pdf.file(attachment.body, { name: attachment.name, type: "application/json", description: attachment.description });
  pdf.end();
  return buffer(pdf as unknown as NodeJS.ReadableStream);
}

function writeHead(pdf: Document, root: Structure, { title, number, controller, lead }: Certificate): void {
  tagged(pdf, root, "P", () => pdf.font(regular, 9).fillColor(muted).text(controller));
  tagged(pdf, root, "H1", () => pdf.moveDown(0.3).font(bold, 18).fillColor(ink).text(title));
  tagged(pdf, root, "P", () => pdf.moveDown(0.2).font(mono, 11).fillColor(ink).text(number));
  hairline(pdf.moveDown(0.6), 1);
  pdf.moveDown(0.6);
  tagged(pdf, root, "P", () => pdf.font(regular, 10).fillColor(ink).text(lead, { lineGap: 2 }));
}

function writeSection(pdf: Document, root: Structure, { title, blocks }: Section): void {
  // Keeps a heading on the same page as the text after it.
  if (pdf.y > pdf.page.height - margin - 110) pdf.addPage();
  tagged(pdf, root, "H2", () => pdf.moveDown(1).font(bold, 11).fillColor(ink).text(title));
  pdf.moveDown(0.35);
  for (const block of blocks) {
    writeBlock(pdf, root, block);
    pdf.moveDown(0.35);
  }
}

function writeBlock(pdf: Document, root: Structure, block: Block): void {
  if (block.kind === "text")
    return tagged(pdf, root, "P", () => pdf.font(regular, 9.5).fillColor(ink).text(block.text, { lineGap: 1.5 }));
  if (block.kind === "code")
    return tagged(pdf, root, "Code", () => pdf.font(mono, 8.5).fillColor(ink).text(block.text, { indent: 8 }));
  if (block.kind === "facts")
    return writeRows(
      pdf,
      root,
      block.facts.map(([term, value]) => [{ text: term, isHead: true }, { text: value }]),
      [1, 2.2],
    );
  writeRows(
    pdf,
    root,
    [block.head.map((text) => ({ text, isHead: true })), ...block.rows.map((row) => row.map((text) => ({ text })))],
    block.widths,
  );
}

type Cell = { text: string; isHead?: boolean };

/**
 * Rows with a line below each. Not PDFKit's own table, which clips each cell, and so the letters of a viewer's
 * substitute font.
 */
function writeRows(pdf: Document, root: Structure, rows: readonly Cell[][], shares: readonly number[]): void {
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const widths = shares.map((share) => (share / whole) * contentWidth(pdf));
  const body = pdf.struct("Table");
  root.add(body);
  for (const row of rows) {
    const height = Math.max(
      ...row.map((cell, column) => cellFont(pdf, cell).heightOfString(cell.text, { width: widths[column]! - cellGap })),
    );
    if (pdf.y + height + 8 > pdf.page.height - pdf.page.margins.bottom) pdf.addPage();
    writeRow(pdf, body, row, widths);
    pdf.y += height + 8;
    pdf.x = margin;
    hairline(pdf, 0.5);
  }
  body.end();
}

const cellGap = 10;

/** Leaves the writing position at the start of the row. */
function writeRow(pdf: Document, body: Structure, row: readonly Cell[], widths: readonly number[]): void {
  const top = pdf.y;
  const struct = pdf.struct("TR");
  body.add(struct);
  let left = margin;
  for (const [column, cell] of row.entries()) {
    const x = left;
    tagged(pdf, struct, cell.isHead ? "TH" : "TD", () =>
      cellFont(pdf, cell).text(cell.text, x, top + 4, { width: widths[column]! - cellGap }),
    );
    left += widths[column]!;
  }
  struct.end();
  pdf.y = top;
}

function cellFont(pdf: Document, { text, isHead }: Cell): Document {
  if (isHead) return pdf.font(regular, 8.5).fillColor(muted);
  return (isCode(text) ? pdf.font(mono, 8) : pdf.font(regular, 9)).fillColor(ink);
}

/** Ids and digests are set in a font whose letters are easy to tell apart. */
const isCode = (text: string) => /^[0-9a-f\n-]{30,}$/.test(text);

/** A line across the page at the current writing position. */
function hairline(pdf: Document, width: number): void {
  pdf.markContent("Artifact");
  pdf
    .moveTo(margin, pdf.y)
    .lineTo(margin + contentWidth(pdf), pdf.y)
    .lineWidth(width)
    .strokeColor(line)
    .stroke();
  pdf.endMarkedContent();
}

function writeFooters(pdf: Document, number: string, issuedAt: string): void {
  const { count } = pdf.bufferedPageRange();
  for (let page = 0; page < count; page += 1) {
    pdf.switchToPage(page);
    // Below the margin, where text would otherwise start a new page.
    pdf.page.margins.bottom = 0;
    pdf.markContent("Artifact", { type: "Pagination" });
    pdf.font(regular, 8).fillColor(muted);
    pdf.text(
      `Certificado ${number} · emitido em ${issuedAt} (a data da emissão não faz parte do que é assinado)`,
      margin,
      pdf.page.height - margin,
      { lineBreak: false },
    );
    pdf.text(`${page + 1} de ${count}`, margin, pdf.page.height - margin, {
      width: contentWidth(pdf),
      align: "right",
      lineBreak: false,
    });
    pdf.endMarkedContent();
  }
}

const contentWidth = (pdf: Document) => pdf.page.width - 2 * margin;

function tagged(pdf: Document, root: Structure, type: string, write: () => void): void {
  root.add(pdf.struct(type as Parameters<Document["struct"]>[0], {}, write));
}
