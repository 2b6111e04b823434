import { openReportFile, type TakenReportFile } from "@/lib/compliance/reports/take-report-file";
import { downloadStream } from "@/lib/audit/export/download-stream";

/** A file of a report as a download, read from the store as fast as the client consumes it. */
export async function reportFileResponse(taken: TakenReportFile): Promise<Response> {
  const headers = {
    "Content-Type": taken.contentType,
    "Content-Disposition": `attachment; filename="${taken.name}"`,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
  };
  return new Response(downloadStream((await openReportFile(taken)) as AsyncGenerator<Buffer>), { headers });
}
