import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { holdingSlot } from "@/lib/audit/export/export-slots";
import { streamProvenEvents } from "@/lib/audit/event-prover";
import { currentSigningKey } from "@/lib/audit/signing-keys";
import { DeletionTotals, type SummaryPlan } from "@/lib/receipts/summary-plan";
import type { SignedReceipt, SummaryReceipt } from "@/lib/receipts/receipt-schema";
import { receiptLine, signReceipt } from "@/lib/receipts/signed-receipt";
import { witness } from "@/lib/receipts/evidence";
import { sanitisation, remainingData } from "@/lib/receipts/remaining-data";

/**
 * Writes a receipt of many recordings as JSON lines, as fast as they are read: each seal, then its events with their
 * proofs, then the signed receipt, which holds the SHA-256 of all lines before it. Constant memory.
 * @returns the signed receipt, for callers that need it alone.
 */
export async function* writeSummary({ head, finishedAt, where }: SummaryPlan): AsyncGenerator<Buffer, SignedReceipt> {
  const sha256 = createHash("sha256");
  const totals = new DeletionTotals();
  let [events, seals, lastSeal] = [0, 0, 0];
  for await (const proven of holdingSlot(streamProvenEvents(where))) {
    totals.add(witness(proven).content);
    const sealLine = proven.seal.seal.sequence === lastSeal ? "" : `${canonicalize(proven.seal)}\n`;
    if (sealLine) seals += 1;
    events += 1;
    lastSeal = proven.seal.seal.sequence;
    const bytes = Buffer.from(
      `${sealLine}{"event":${proven.line},"index":${proven.index},"path":${JSON.stringify(proven.path)}}\n`,
    );
    sha256.update(bytes);
    yield bytes;
  }
  const total = totals.result();
  const deletedAt = total.lastDeletedAt === null ? finishedAt : new Date(total.lastDeletedAt);
  const receipt = {
    ...head,
    totals: total,
    list: { events, seals, sha256: sha256.digest("hex") },
    method: sanitisation({
      dataKeysDestroyed: total.dataKeysDestroyed,
      recordings: total.contentKeysDestroyed,
      deletedAt,
    }),
    remains: remainingData(deletedAt),
  } as SummaryReceipt;
  const signed = signReceipt(receipt, currentSigningKey());
  yield Buffer.from(receiptLine(signed));
  return signed;
}

/** Reads a receipt's list to its end and returns only the signed receipt, for the certificate. */
export async function signedSummary(plan: SummaryPlan): Promise<SignedReceipt> {
  const pieces = writeSummary(plan);
  for (;;) {
    const { done, value } = await pieces.next();
    if (done) return value;
  }
}
