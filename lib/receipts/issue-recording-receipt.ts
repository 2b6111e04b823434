import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { currentSigningKey } from "@/lib/audit/signing-keys";
import { command } from "@/lib/operation/operation";
import { describeRecordingDeletion } from "@/lib/receipts/describe-recording-deletion";
import { receiptDigest, signReceipt } from "@/lib/receipts/sign-receipt";

export const receiptFormats = ["json", "pdf"] as const;

/**
 * The receipt of one deleted recording, signed. Each issue is an event; the content is the same each time.
 * @throws AppError `not_found`, `deletion_unfinished`, `not_sealed_yet`
 */
export const issueRecordingReceipt = command({
  permission: "receipt:issue",
  input: z.object({ recordingId: z.uuid(), format: z.enum(receiptFormats).default("json") }),
  audits: ["receipt.issued"],
  prepare: ({ db, input: { recordingId } }) => describeRecordingDeletion(db, recordingId),
  run: async ({ prepared: receipt, input: { recordingId, format } }) => {
    const signed = signReceipt(receipt, currentSigningKey());
    const details = { scope: receipt.scope, number: receipt.number, format, digest: receiptDigest(receipt) };
    return {
      result: { signed, format },
      audits: [auditEvent("receipt.issued", { target: { type: "recording", id: recordingId }, details })],
    };
  },
});
