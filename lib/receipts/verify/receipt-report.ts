import type { SignedReceipt } from "@/lib/receipts/receipt-schema";

/** The checks, in this order. */
export const receiptChecks = ["form", "signature", "seals", "events", "statement", "list"] as const;
export type ReceiptCheck = (typeof receiptChecks)[number];

export type ReceiptReport = {
  holds: boolean;
  /** Null if no receipt could be read. Trust its content only if all checks pass. */
  signed: SignedReceipt | null;
  /** Number of recordings in the list of a summary receipt. */
  listed: number;
  problems: { check: ReceiptCheck; detail: string }[];
};

export type Problem = (check: ReceiptCheck, detail: string) => void;
