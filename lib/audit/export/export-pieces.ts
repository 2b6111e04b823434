import type { exportAuditLog } from "@/lib/audit/export-audit-log";
import { writeExport } from "@/lib/audit/export/export-writer";
import { readEventTable } from "@/lib/audit/table/event-table";
import { tableAsCsv } from "@/lib/audit/table/event-table-csv";
import { tableAsXlsx } from "@/lib/audit/table/event-table-xlsx";
import { database } from "@/lib/db/client";

/** The bytes of an export that `exportAuditLog` has authorised and recorded. */
export async function* exportPieces({
  plan,
  format,
  locale,
}: Awaited<ReturnType<typeof exportAuditLog>>): AsyncGenerator<Buffer> {
  if (format === "jsonl") return yield* writeExport(database(), plan);
  const table = await readEventTable(database(), plan.filters, locale);
  yield* format === "csv" ? tableAsCsv(table) : tableAsXlsx(table);
}
