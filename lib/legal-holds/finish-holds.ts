import { continueHold } from "@/lib/legal-holds/continue-hold";
import { listUnfinishedHolds } from "@/lib/legal-holds/list-unfinished-holds";
import { log } from "@/lib/core/log";
import type { OperationContext } from "@/lib/operation/operation";

/**
 * Places and lets go what earlier transactions left over, batch by batch, until `isOver`. Safe to run twice at once: each batch locks its
 * hold. Answers whether all holds are done; one that fails does not keep the others waiting.
 */
export async function finishHolds(context: OperationContext, isOver: () => boolean): Promise<{ finished: boolean }> {
  let finished = true;
  for (const { holdId } of await listUnfinishedHolds(context, {})) {
    try {
      let done = false;
      while (!done && !isOver()) done = (await continueHold(context, { holdId })).finished;
      finished &&= done;
    } catch (error) {
      log.error(
        { error, holdId, requestId: context.requestId },
        "a batch of a legal hold failed; the next run repeats it",
      );
      finished = false;
    }
  }
  return { finished };
}
