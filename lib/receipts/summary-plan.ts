import type { OrderReceipt, RunReceipt } from "@/lib/receipts/receipt-schema";

type Head<Receipt> = Omit<Receipt, "totals" | "list" | "method" | "remains">;

/** A receipt of many recordings before its list was written: what is known of it without reading them. */
export type SummaryPlan = {
  head: Head<RunReceipt> | Head<OrderReceipt>;
  finishedAt: Date;
  /** The `recording.deleted` events of the list, as a condition on `audit_events` with its values quoted. */
  where: string;
  recordings: number;
};
