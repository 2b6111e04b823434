import { hash } from "node:crypto";
import type { Receipt } from "@/lib/receipts/receipt-schema";

/** Gravação, execução, ordem. */
const letters = { recording: "G", run: "E", order: "O" } as const;

/** The certificate's number, derived from its subject: each issue has the same number, without a counter. */
export function receiptNumber(scope: Receipt["scope"], id: string, finishedAt: Date): string {
  const day = finishedAt.toISOString().slice(0, 10).replaceAll("-", "");
  return `${letters[scope]}-${day}-${hash("sha256", `${scope}:${id}`, "hex").slice(0, 12).toUpperCase()}`;
}

/** The subject of a receipt: its id, and when the deletion ended. */
export function subjectOf(receipt: Receipt): { id: string; finishedAt: Date } {
  if (receipt.scope === "recording")
    return { id: receipt.recording.id, finishedAt: new Date(receipt.deletion.finishedAt) };
  const { id, finishedAt } = receipt.scope === "run" ? receipt.run : receipt.order;
  return { id, finishedAt: new Date(finishedAt) };
}
