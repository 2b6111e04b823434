import { route } from "@/lib/http/route";
import { issueRunReceipt } from "@/lib/receipts/issue-run-receipt";
import { readReceiptInput, summaryReceiptResponse } from "@/lib/http/receipt-response";

export const GET = route(
  issueRunReceipt,
  (request, { runId }) => ({ runId: String(runId), ...readReceiptInput(request) }),
  summaryReceiptResponse,
);
