import { downloadStream } from "@/lib/audit/export/download-stream";
import type { issueOrderReceipt } from "@/lib/receipts/issue-order-receipt";
import type { issueRecordingReceipt } from "@/lib/receipts/issue-recording-receipt";
import type { receiptFormats, SignedReceipt } from "@/lib/receipts/receipt-schema";
import { receiptLine } from "@/lib/receipts/signed-receipt";
import { signedSummary, writeSummary } from "@/lib/receipts/summary-writer";
import { assertSameOrigin } from "@/lib/http/session/same-origin";

type Format = (typeof receiptFormats)[number];

type Issued<Operation extends (...args: never) => Promise<unknown>> = Awaited<ReturnType<Operation>>;

/** The receipt of one recording as a download. */
export async function recordingReceiptResponse({
  signed,
  format,
}: Issued<typeof issueRecordingReceipt>): Promise<Response> {
  if (format === "pdf") return download(await pdfOf(signed), signed.receipt.number, "pdf");
  return download(receiptLine(signed), signed.receipt.number, "json");
}

/**
 * The receipt of many recordings as a download. JSON lines, read from the log as fast as the client consumes them; the
 * PDF has no list.
 */
export async function summaryReceiptResponse({ plan, format }: Issued<typeof issueOrderReceipt>): Promise<Response> {
  if (format === "pdf") return download(await pdfOf(await signedSummary(plan)), plan.head.number, "pdf");
  return download(downloadStream(writeSummary(plan)), plan.head.number, "jsonl");
}

// Loaded on demand: the JSON format does not need it.
const pdfOf = async (signed: SignedReceipt) =>
  Uint8Array.from(await (await import("@/lib/receipts/pdf/receipt-pdf")).receiptPdf(signed));

const contentTypes = { json: "application/json", jsonl: "application/jsonl; charset=utf-8", pdf: "application/pdf" };

function download(body: BodyInit, number: string, extension: keyof typeof contentTypes): Response {
  const headers = {
    "Content-Type": contentTypes[extension],
    "Content-Disposition": `attachment; filename="custodia-${number}.${extension}"`,
    "Cache-Control": "no-store",
  };
  return new Response(body, { headers });
}

/**
 * Reads `?format=json|pdf` of a receipt request. This GET records an event, so other sites must not trigger it.
 * @throws AppError `cross_site`
 */
export function readReceiptInput(request: Request): { format?: Format } {
  assertSameOrigin(request.headers);
  const format = new URL(request.url).searchParams.get("format");
  return format === null ? {} : { format: format as Format };
}
