import { eq, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { driftFindings, driftRuns } from "@/lib/db/schema/store-scan";
import { recordings } from "@/lib/db/schema/recordings";
import { claimLasts } from "@/lib/store-scan/claim-store-scan";
import { databaseNow } from "@/lib/store-scan/database-now";
import { storeKinds } from "@/lib/store-scan/found-discrepancy";
import { lockClaimedRun } from "@/lib/store-scan/lock-claimed-scan";
import { aboutFinding } from "@/lib/store-scan/record-findings";
import { command } from "@/lib/operation/operation";

/**
 * Resolves findings that a run which looked at everything has not seen again. What is said of an object stays while its recording is stored
 * and the store did not show the object as it was.
 * @returns the claim's new end, and whether there may be more.
 * @throws AppError `conflict` when another process has taken over the run.
 */
export const resolveUntrueFindings = command({
  permission: "drift:run",
  input: z.object({ claim: z.object({ runId: z.uuid(), claimedUntil: z.date() }), limit: z.int().min(1).max(1000) }),
  audits: ["store_scan.discrepancy_resolved"],
  run: async ({ tx, input: { claim, limit } }) => {
    const run = await lockClaimedRun(tx, claim);
    const startedAt = sql`${run.startedAt.toISOString()}::timestamptz`;
    const isUnverified = sql`(${inArray(driftFindings.kind, [...storeKinds])} and exists (select from ${recordings} as kept
      where kept.id = ${driftFindings.recordingId} and kept.state = 'stored' and coalesce(kept.verified_at, '-infinity') < ${startedAt}))`;
    const untrue = tx
      .select({ id: driftFindings.id })
      .from(driftFindings)
      .where(
        sql`${driftFindings.resolvedAt} is null and ${driftFindings.lastSeenAt} < ${startedAt} and not ${isUnverified}`,
      )
      .orderBy(driftFindings.lastSeenAt, driftFindings.id)
      .limit(limit);
    const resolved = await tx
      .update(driftFindings)
      .set({ resolvedAt: databaseNow, resolution: "no_longer_true" })
      .where(inArray(driftFindings.id, untrue))
      .returning({ id: driftFindings.id, kind: driftFindings.kind, recordingId: driftFindings.recordingId });
    const [saved] = await tx
      .update(driftRuns)
      .set({
        resolved: run.resolved + resolved.length,
        progressAt: databaseNow,
        claimedUntil: sql`${databaseNow} + ${claimLasts}`,
      })
      .where(eq(driftRuns.id, run.id))
      .returning({ claimedUntil: driftRuns.claimedUntil });
    const result = { claimedUntil: saved!.claimedUntil!, mayHaveMore: resolved.length === limit };
    const [first, ...others] = resolved.map(({ id, kind, recordingId }) =>
      auditEvent("store_scan.discrepancy_resolved", {
        ...aboutFinding(id, recordingId, null),
        details: { kind, ...(recordingId === null ? {} : { findingId: id }), resolution: "no_longer_true" },
      }),
    );
    return first ? { result, audits: [first, ...others] } : { result, unchanged: true as const };
  },
});
