import type { exportAuditLog } from "@/lib/audit/export-audit-log";
import { downloadStream } from "@/lib/audit/export/download-stream";
import { holdingSlot } from "@/lib/audit/export/export-slots";
import { exportPieces } from "@/lib/audit/export/export-pieces";

const formats = {
  jsonl: { contentType: "application/jsonl; charset=utf-8", extension: "jsonl" },
  csv: { contentType: "text/csv; charset=utf-8", extension: "csv" },
  xlsx: { contentType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", extension: "xlsx" },
};

/**
 * Streams an export as a download. Reads only as fast as the client consumes; reading ends when the client disconnects.
 */
export function exportResponse(exported: Awaited<ReturnType<typeof exportAuditLog>>): Response {
  const { contentType, extension } = formats[exported.format];
  const name = `custodia-audit-${new Date().toISOString().slice(0, 10)}.${extension}`;
  return new Response(downloadStream(holdingSlot(exportPieces(exported))), {
    headers: {
      "Content-Type": contentType,
      "Content-Disposition": `attachment; filename="${name}"`,
      "Cache-Control": "no-store",
    },
  });
}
