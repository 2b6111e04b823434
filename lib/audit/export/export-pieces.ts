import type { exportAuditLog } from "@/lib/audit/export-audit-log";
import { writeCsv } from "@/lib/audit/export/write-csv";
import { writeExport } from "@/lib/audit/export/write-export";
import { database } from "@/lib/db/client";

/** The bytes of an export that `exportAuditLog` has authorised and recorded. */
export function exportPieces({ plan, format }: Awaited<ReturnType<typeof exportAuditLog>>): AsyncGenerator<Buffer> {
  return format === "csv" ? writeCsv(database(), plan.filters) : writeExport(database(), plan);
}
