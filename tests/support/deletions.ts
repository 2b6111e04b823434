import { sealEvents } from "@/lib/audit/seal-audit-log";
import { configuredPublicKeys, type PublicKeys } from "@/lib/audit/signing-keys";
import { orderDeletion } from "@/lib/deletion/orders/order-deletion";
import { runDeletionOrder } from "@/lib/deletion/orders/run-deletion-order";
import { issueRecordingReceipt } from "@/lib/receipts/issue-recording-receipt";
import { receiptLine } from "@/lib/receipts/signed-receipt";
import { verifyReceipt } from "@/lib/receipts/verify/receipt-verification";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { configuredStores } from "@/lib/storage/configured-store";
import type { ObjectStore } from "@/lib/storage/object-store";
import type { OperationContext } from "@/lib/operation/operation";
import { ended } from "./log-under-test";
import { waitUntil } from "./wait-until";
import { admin, job } from "./recordings";

/** Seals all events there are, as the sealer of a running portal does within a second. */
export async function sealAll(): Promise<void> {
  await ended();
  // Another test's sealer may hold the lock; it does not seal this database.
  await waitUntil("all events are sealed", async () => (await sealEvents()).events === 0, { intervalMs: 1 });
}

export const retain = (stores: readonly ObjectStore[] = configuredStores()) =>
  runRetention(job(), { stores, signal: AbortSignal.timeout(30_000) });

/** A deletion order of one unit, carried out to its end. */
export async function clean(
  unitId: string,
  recordings: number,
  context: OperationContext = job(),
  stores: readonly ObjectStore[] = configuredStores(),
  ground: Pick<Parameters<typeof orderDeletion>[1], "legalGround" | "legalGroundWords"> = {},
): Promise<string> {
  const { orderId } = await orderDeletion(context, {
    selection: { unitId },
    justification: "Unidade encerrada: Maria pediu",
    acknowledgedRecordings: recordings,
    ...ground,
  });
  await runDeletionOrder(job(), orderId, {
    stores,
    runId: null,
    batchSize: 250,
  });
  return orderId;
}

/** The file of a recording's receipt, as a person downloads it. */
export async function receiptFile(recordingId: string, context: OperationContext = admin()): Promise<string> {
  const { signed } = await issueRecordingReceipt(context, { recordingId });
  return receiptLine(signed);
}

/** Verifies in small pieces, which cut lines and characters. */
export function check(text: string, keys: PublicKeys = configuredPublicKeys()) {
  const bytes = Buffer.from(text);
  async function* pieces() {
    for (let start = 0; start < bytes.length; start += 777) yield bytes.subarray(start, start + 777);
  }
  return verifyReceipt(pieces(), keys);
}
