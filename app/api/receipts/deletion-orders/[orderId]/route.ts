import { route } from "@/lib/http/route";
import { issueOrderReceipt } from "@/lib/receipts/issue-order-receipt";
import { readReceiptInput, summaryReceiptResponse } from "@/lib/http/receipt-response";

export const GET = route(
  issueOrderReceipt,
  (request, { orderId }) => ({ orderId: String(orderId), ...readReceiptInput(request) }),
  summaryReceiptResponse,
);
