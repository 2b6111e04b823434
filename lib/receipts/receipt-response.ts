import { downloadStream } from "@/lib/audit/export/download-stream";
import type { issueOrderReceipt } from "@/lib/receipts/issue-order-receipt";
import type { issueRecordingReceipt } from "@/lib/receipts/issue-recording-receipt";
import { receiptLine } from "@/lib/receipts/sign-receipt";
import { writeSummary } from "@/lib/receipts/write-summary";

type Issued<Operation extends (...args: never) => Promise<unknown>> = Awaited<ReturnType<Operation>>;

/** The receipt of one recording as a download. */
export function recordingReceiptResponse({ signed }: Issued<typeof issueRecordingReceipt>): Response {
  return download(receiptLine(signed), signed.receipt.number, "json");
}

/** The receipt of many recordings as a download: JSON lines, read from the log as fast as the client takes them. */
export function summaryReceiptResponse({ plan }: Issued<typeof issueOrderReceipt>): Response {
  return download(downloadStream(writeSummary(plan)), plan.head.number, "jsonl");
}

const contentTypes = { json: "application/json", jsonl: "application/jsonl; charset=utf-8", pdf: "application/pdf" };

function download(body: BodyInit, number: string, extension: keyof typeof contentTypes): Response {
  const headers = { "Content-Type": contentTypes[extension], "Content-Disposition": `attachment; filename="custodia-${number}.${extension}"`, "Cache-Control": "no-store" };
  return new Response(body, { headers });
}
