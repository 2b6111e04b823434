import { z } from "zod";
import { command } from "@/lib/operation";
import { addToRun } from "@/lib/retention/add-to-run";
import { confirmDeletion } from "@/lib/retention/confirm-deletion";

const count = z.number().int().min(0);
const proof = z.object({
  store: z.string(),
  objectKeys: count,
  versionsDeleted: count,
  deleteMarkersDeleted: count,
  unfinishedUploadsAborted: count,
  provedAbsentAt: z.iso.datetime(),
});

/** Records that nothing of these recordings is left in the store. Answers how many this call confirmed: another run may have been first. */
export const confirmDeletions = command({
  permission: "recording:retire",
  input: z.object({ runId: z.uuid(), deletions: z.array(z.object({ recordingId: z.uuid(), proof })).min(1).max(1000) }),
  audits: ["recording.deleted"],
  run: async ({ tx, input: { runId, deletions } }) => {
    const [first, ...others] = await confirmDeletion(tx, deletions);
    if (!first) return { result: { deleted: 0 }, unchanged: true as const };
    const result = { deleted: 1 + others.length };
    await addToRun(tx, runId, result);
    return { result, audits: [first, ...others] };
  },
});
