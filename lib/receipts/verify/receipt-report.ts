import type { SignedReceipt } from "@/lib/receipts/receipt-schema";

/** What is looked at, in this order. */
export const receiptChecks = ["form", "signature", "seals", "events", "statement", "list"] as const;
export type ReceiptCheck = (typeof receiptChecks)[number];

export type ReceiptReport = {
  holds: boolean;
  /** Null when there is none that could be read. What it says is to be believed only when everything holds. */
  signed: SignedReceipt | null;
  /** Recordings in the list of a receipt of many. */
  listed: number;
  problems: { check: ReceiptCheck; detail: string }[];
};

export type Problem = (check: ReceiptCheck, detail: string) => void;
