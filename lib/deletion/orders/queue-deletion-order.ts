import pLimit from "p-limit";
import { runDeletionOrder } from "@/lib/deletion/orders/run-deletion-order";
import { jobContext } from "@/lib/operation/job-context";
import { log } from "@/lib/core/log";
import { configuredStores } from "@/lib/storage/configured-store";

/** One order at a time: the stores are the bottleneck. */
const one = pLimit(1);

const timeLimitMs = 10 * 60_000;

/** Carries out an order soon, in the background. What a stopped process leaves undone the retention job goes on with. */
export function queueDeletionOrder(orderId: string): void {
  one(() => {
    const end = Date.now() + timeLimitMs;
    return runDeletionOrder(jobContext("deletion-order"), orderId, {
      stores: configuredStores(),
      runId: null,
      batchSize: 250,
      isOver: () => Date.now() >= end,
    });
  }).catch((error: unknown) =>
    log.error({ error, orderId }, "a deletion order stopped; the retention job goes on with it"),
  );
}
