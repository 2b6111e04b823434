import { eq } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { storeScans } from "@/lib/db/schema/store-scan";
import { databaseNow } from "@/lib/db/schema/columns";
import { lockOpenScan, scanClaim } from "@/lib/store-scan/open-store-scan";
import { command } from "@/lib/operation/operation";

export type ScanRound = Pick<
  typeof storeScans.$inferSelect,
  "state" | "phase" | "reason" | "objectsSeen" | "recordingsSeen" | "unchecked" | "found" | "resolved"
> & { runId: string };

/**
 * Ends the round of one process: the scan is finished, failed, or still running for the next round.
 * @throws AppError `conflict` when another process has taken over the scan.
 */
export const endScanRound = command({
  permission: "store-scan:run",
  input: z.object({
    claim: scanClaim,
    state: z.enum(["running", "finished", "failed"]),
    reason: z.string().max(60).nullable(),
  }),
  audits: ["store_scan.finished"],
  run: async ({ tx, input: { claim, state, reason } }) => {
    const { id } = await lockOpenScan(tx, claim);
    const end = state === "running" ? {} : { finishedAt: databaseNow };
    const [run] = await tx
      .update(storeScans)
      .set({ state, reason, progressAt: databaseNow, ...end })
      .where(eq(storeScans.id, id))
      .returning();
    const { phase, objectsSeen, recordingsSeen, unchecked, found, resolved } = run!;
    const counts = { objectsSeen, recordingsSeen, unchecked, found, resolved };
    const result: ScanRound = { runId: id, state, phase, reason, ...counts };
    if (state === "running") return { result, unchanged: true as const };
    return {
      result,
      audits: [
        auditEvent("store_scan.finished", {
          outcome: state === "failed" ? "failure" : "success",
          target: { type: "store_scan", id },
          details: { state, ...(reason === null ? {} : { code: reason }), ...counts },
        }),
      ],
    };
  },
});
