import { assertSameOrigin } from "@/lib/http/assert-same-origin";
import type { receiptFormats } from "@/lib/receipts/issue-recording-receipt";

type Format = (typeof receiptFormats)[number];

/**
 * `?format=json|pdf` of a request for a receipt. A GET, but one that leaves a trace: no other site may start it.
 * @throws AppError `cross_site`
 */
export function readReceiptInput(request: Request): { format?: Format } {
  assertSameOrigin(request.headers);
  const format = new URL(request.url).searchParams.get("format");
  return format === null ? {} : { format: format as Format };
}
