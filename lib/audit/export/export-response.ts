import type { exportAuditLog } from "@/lib/audit/export-audit-log";
import { holdingSlot } from "@/lib/audit/export/export-slots";
import { writeCsv } from "@/lib/audit/export/write-csv";
import { writeExport } from "@/lib/audit/export/write-export";
import { database } from "@/lib/db/client";
import { log } from "@/lib/log";

const formats = {
  jsonl: { contentType: "application/jsonl; charset=utf-8", extension: "jsonl" },
  csv: { contentType: "text/csv; charset=utf-8", extension: "csv" },
};

/** Streams an export as a download: nothing is read before the client takes it, and a client that leaves ends the reading. */
export function exportResponse({ plan, format }: Awaited<ReturnType<typeof exportAuditLog>>): Response {
  const pieces = format === "csv" ? writeCsv(database(), plan.filters) : writeExport(database(), plan);
  const { contentType, extension } = formats[format];
  const name = `custodia-audit-${new Date().toISOString().slice(0, 10)}.${extension}`;
  return new Response(streamOf(holdingSlot(pieces)), {
    headers: { "Content-Type": contentType, "Content-Disposition": `attachment; filename="${name}"`, "Cache-Control": "no-store" },
  });
}

function streamOf(pieces: AsyncGenerator<Buffer>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { value, done } = await pieces.next();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          // The headers are long sent: the missing end tells the reader.
          log.error({ error }, "an export of the audit log broke off");
          controller.error(new Error("the export broke off"));
        }
      },
      async cancel() {
        await pieces.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
