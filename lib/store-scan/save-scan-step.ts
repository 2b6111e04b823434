import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "@/lib/db/client";
import { scanPhases, storeScans } from "@/lib/db/schema/store-scan";
import { recordings } from "@/lib/db/schema/recordings";
import { lockOpenScan, scanClaim, type OpenScan } from "@/lib/store-scan/open-store-scan";
import { databaseNow } from "@/lib/db/schema/columns";
import { foundDiscrepancy } from "@/lib/store-scan/found-discrepancy";
import { recordFindings } from "@/lib/store-scan/record-findings";
import { command } from "@/lib/operation/operation";
import { idList } from "@/lib/db/id-list";

const count = z.int().min(0);

/**
 * Saves what one step saw and where the next one starts, in one transaction: a killed process repeats at most one step.
 * @throws AppError `conflict` when another process has taken over the scan.
 */
export const saveScanStep = command({
  permission: "store-scan:run",
  input: z.object({
    claim: scanClaim,
    phase: z.enum(scanPhases),
    cursor: z.string().max(4000).nullable(),
    found: z.array(foundDiscrepancy).max(5000),
    /** Recordings whose object is as it was stored. */
    verified: z.array(z.uuid()).max(1000),
    objects: count,
    recordings: count,
    unchecked: count,
  }),
  audits: ["store_scan.discrepancy_found"],
  run: async ({ tx, input: { claim, phase, cursor, found, verified, ...counts } }) => {
    const run = await lockOpenScan(tx, claim);
    await noteVerified(tx, verified);
    const audits = await recordFindings(tx, run.startedAt, found);
    const [saved] = await tx
      .update(storeScans)
      .set({
        ...{ phase, cursor, reason: null, progressAt: databaseNow },
        ...{
          objectsSeen: run.objectsSeen + counts.objects,
          recordingsSeen: run.recordingsSeen + counts.recordings,
          unchecked: run.unchecked + counts.unchecked,
          found: run.found + audits.length,
        },
      })
      .where(eq(storeScans.id, run.id))
      .returning({ objectsSeen: storeScans.objectsSeen });
    const result: OpenScan = { ...claim, startedAt: run.startedAt, phase, cursor, objectsSeen: saved!.objectsSeen };
    const [first, ...others] = audits;
    return first ? { result, audits: [first, ...others] } : { result, unchanged: true as const };
  },
});

/** Locked in the order of ids, as holds and deletions lock them. */
async function noteVerified(tx: Transaction, verified: readonly string[]): Promise<void> {
  if (verified.length === 0) return;
  const chosen = sql`${recordings.id} = any(${idList(verified)}) and ${recordings.state} = 'stored'`;
  await tx.select({ id: recordings.id }).from(recordings).where(chosen).orderBy(recordings.id).for("no key update");
  await tx.update(recordings).set({ verifiedAt: databaseNow }).where(chosen);
}
