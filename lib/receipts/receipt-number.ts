import { hash } from "node:crypto";
import type { Receipt } from "@/lib/receipts/receipt-schema";

/** Gravação, execução, ordem. */
const letters = { recording: "G", run: "E", order: "O" } as const;

/** The certificate's number: made of what it is about, so that each issue has the same one and nobody has to count. */
export function receiptNumber(scope: Receipt["scope"], id: string, finishedAt: Date): string {
  const day = finishedAt.toISOString().slice(0, 10).replaceAll("-", "");
  return `${letters[scope]}-${day}-${hash("sha256", `${scope}:${id}`, "hex").slice(0, 12).toUpperCase()}`;
}

/** What a receipt is about: an id, and when it ended. */
export function subjectOf(receipt: Receipt): { id: string; finishedAt: Date } {
  if (receipt.scope === "recording")
    return { id: receipt.recording.id, finishedAt: new Date(receipt.deletion.finishedAt) };
  const { id, finishedAt } = receipt.scope === "run" ? receipt.run : receipt.order;
  return { id, finishedAt: new Date(finishedAt) };
}
