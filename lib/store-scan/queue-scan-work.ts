import pLimit from "p-limit";
import { jobContext } from "@/lib/operation/job-context";
import { isStillTrue } from "@/lib/store-scan/is-still-true";
import { removeOrderedObjects } from "@/lib/store-scan/remove-ordered-objects";
import { resolveRetriedFinding } from "@/lib/store-scan/resolve-retried-finding";
import { runStoreScan } from "@/lib/store-scan/run-store-scan";
import { lockHeldObjects } from "@/lib/legal-holds/lock-held-objects";
import { log } from "@/lib/core/log";
import { reconcileUploads } from "@/lib/uploads/reconcile-uploads";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { configuredStore, configuredStores } from "@/lib/storage/configured-store";

export type ScanWork =
  | { kind: "run" | "removals" }
  | { kind: "ticket_never_completed" | "past_retention" | "hold_not_locked"; findingId: string };

/** One at a time: the stores are the bottleneck. */
const one = pLimit(1);

const timeLimitMs = 10 * 60_000;

/** Does what a person asked for soon, in the background. What a stopped process leaves undone the next round of the job whose work it is does. */
export function queueScanWork(work: ScanWork): void {
  one(() => carryOut(work)).catch((error: unknown) =>
    log.error({ error, kind: work.kind }, "work of the store scan stopped; the next round of its job continues"),
  );
}

async function carryOut(work: ScanWork): Promise<void> {
  const end = Date.now() + timeLimitMs;
  const isOver = () => Date.now() >= end;
  const stores = configuredStores();
  switch (work.kind) {
    case "run":
      await runStoreScan(jobContext("store-scan"), { stores, timeLimitMs });
      return;
    case "removals":
      return removeOrderedObjects(jobContext("store-scan"), { stores, isOver });
    case "ticket_never_completed":
      await reconcileUploads(jobContext("reconcile"));
      break;
    case "past_retention":
      await runRetention(jobContext("retention"), { stores, timeLimitMs });
      break;
    case "hold_not_locked":
      await lockHeldObjects(jobContext("reconcile"), configuredStore(), isOver);
  }
  if (!(await isStillTrue(jobContext("store-scan"), configuredStore(), work.findingId)))
    await resolveRetriedFinding(jobContext("store-scan"), { findingId: work.findingId });
}
