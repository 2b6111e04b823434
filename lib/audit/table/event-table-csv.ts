import { stringify } from "csv-stringify/sync";
import type { Cell, EventTable } from "@/lib/audit/table/event-table";
import { excelCsv } from "@/lib/core/excel-csv";
import { formatDateTime } from "@/lib/i18n/format";

/** The table as CSV, as Excel in Portuguese opens it. Other programs spoil zeros and long numbers of any CSV. */
export async function* tableAsCsv({ headers, pages }: EventTable): AsyncGenerator<Buffer> {
  yield Buffer.from(`\uFEFF${stringify([headers], excelCsv)}`);
  for await (const rows of pages)
    yield Buffer.from(
      stringify(
        rows.map((row) => row.map(text)),
        excelCsv,
      ),
    );
}

const text = (cell: Cell) =>
  typeof cell === "object" && cell !== null ? formatDateTime(cell.at, cell.timeZone, { seconds: true }) : cell;
