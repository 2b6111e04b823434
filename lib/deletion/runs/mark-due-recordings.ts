import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import { command } from "@/lib/operation/operation";
import { isDue } from "@/lib/retention/due-condition";
import { markForDeletion } from "@/lib/deletion/mark-for-deletion";
import { addToRun } from "@/lib/deletion/runs/run-counts";
import { transactionNow } from "@/lib/db/schema/columns";

/** Marks the next recordings whose retention has ended, and answers which. None means that nothing is left to mark. */
export const markDueRecordings = command({
  permission: "recording:retire",
  input: z.object({ runId: z.uuid(), limit: rowLimit(1000) }),
  audits: ["recording.marked_for_deletion"],
  run: async ({ tx, input: { runId, limit } }) => {
    const { recordingIds, audits } = await markForDeletion(tx, {
      caller: "due",
      condition: isDue(transactionNow),
      orderId: null,
      limit,
      details: { runId },
    });
    const result = { recordingIds };
    const [first, ...others] = audits;
    if (!first) return { result, unchanged: true as const };
    await addToRun(tx, runId, { marked: audits.length });
    return { result, audits: [first, ...others] };
  },
});
