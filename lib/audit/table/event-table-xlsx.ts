import { writeXlsxStream } from "hucre/xlsx";
import type { Cell, EventTable } from "@/lib/audit/table/event-table";
import { localDateTime } from "@/lib/core/time";

/** What Excel takes in one cell (Microsoft: "Excel specifications and limits"). */
const longestText = 32_767;

/** The table as an Excel workbook, in constant memory. Ids stay text; each million rows begin another sheet. */
export async function* tableAsXlsx({ title: name, headers, pages }: EventTable): AsyncGenerator<Buffer> {
  const columns = headers.map((header) => ({ header, width: 24 }));
  const stream = writeXlsxStream(rowsOf(pages), { name, columns, freezePane: { rows: 1 }, zip64: true });
  for await (const piece of stream) yield Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
}

async function* rowsOf(pages: EventTable["pages"]) {
  for await (const rows of pages) for (const row of rows) yield row.map(valueOf);
}

function valueOf(cell: Cell): string | number | Date | null {
  if (typeof cell === "string") return written(cell);
  // A workbook's times have no zone: the wall clock of the time's own zone.
  return typeof cell === "object" && cell !== null ? new Date(`${localDateTime(cell.at, cell.timeZone)}Z`) : cell;
}

/** Readers take `_x0041_` in a text for the letter A (ISO/IEC 29500-1, 22.9.2.19); the library does not escape it. */
const written = (text: string) => text.replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_").slice(0, longestText);
