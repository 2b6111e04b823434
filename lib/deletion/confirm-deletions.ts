import { z } from "zod";
import { command } from "@/lib/operation/operation";
import { addToRun } from "@/lib/deletion/runs/add-to-run";
import { confirmDeletion } from "@/lib/deletion/confirm-deletion";
import { storeProof } from "@/lib/deletion/store-proof";

const deletion = z.object({ recordingId: z.uuid(), proof: z.array(storeProof).min(1) });

/** Records that nothing of these recordings is left in any store. Answers how many this call confirmed: another run may have been first. */
export const confirmDeletions = command({
  permission: "recording:retire",
  input: z.object({ runId: z.uuid().nullable(), deletions: z.array(deletion).min(1).max(1000) }),
  audits: ["recording.deleted"],
  run: async ({ tx, input: { runId, deletions } }) => {
    const { confirmed, audits } = await confirmDeletion(tx, deletions, { runId });
    const result = { deleted: confirmed.length };
    const [first, ...others] = audits;
    if (!first) return { result, unchanged: true as const };
    if (runId)
      await addToRun(tx, runId, {
        ...result,
        bytesDeleted: confirmed.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0),
      });
    return { result, audits: [first, ...others] };
  },
});
