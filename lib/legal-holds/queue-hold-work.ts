import pLimit from "p-limit";
import { jobContext } from "@/lib/operation/job-context";
import { reconcileHolds } from "@/lib/legal-holds/reconcile-holds";
import { log } from "@/lib/core/log";

const one = pLimit(1);

/** Goes on with holds in the background, soon. What a stopped process leaves undone the reconciliation job does. */
export function queueHoldWork(): void {
  one(() => reconcileHolds(jobContext("reconcile"))).catch((error: unknown) =>
    log.error({ error }, "legal holds were not continued; the reconcile job will"),
  );
}
