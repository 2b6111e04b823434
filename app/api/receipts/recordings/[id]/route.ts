import { route } from "@/lib/http/route";
import { issueRecordingReceipt } from "@/lib/receipts/issue-recording-receipt";
import { readReceiptInput, recordingReceiptResponse } from "@/lib/http/receipt-response";

export const GET = route(
  issueRecordingReceipt,
  (request, { id }) => ({ recordingId: String(id), ...readReceiptInput(request) }),
  recordingReceiptResponse,
);
