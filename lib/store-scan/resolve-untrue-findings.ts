import { eq, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import { auditEvent } from "@/lib/operation/audit-event";
import { storeScanFindings, storeScans } from "@/lib/db/schema/store-scan";
import { recordings } from "@/lib/db/schema/recordings";
import { lockOpenScan, scanClaim } from "@/lib/store-scan/open-store-scan";
import { databaseNow } from "@/lib/db/schema/columns";
import { storeKinds } from "@/lib/store-scan/found-discrepancy";
import { aboutFinding } from "@/lib/store-scan/record-findings";
import { command } from "@/lib/operation/operation";

/**
 * Resolves findings that a complete scan did not see again. A finding about an object stays while its recording is
 * stored and was not verified by this scan.
 * @returns whether there may be more.
 * @throws AppError `conflict` when another process has taken over the scan.
 */
export const resolveUntrueFindings = command({
  permission: "store-scan:run",
  input: z.object({ claim: scanClaim, limit: rowLimit(1000) }),
  audits: ["store_scan.discrepancy_resolved"],
  run: async ({ tx, input: { claim, limit } }) => {
    const run = await lockOpenScan(tx, claim);
    const startedAt = sql`${run.startedAt.toISOString()}::timestamptz`;
    const isUnverified = sql`(${inArray(storeScanFindings.kind, [...storeKinds])}
      and exists (select from ${recordings} as kept where kept.id = ${storeScanFindings.recordingId}
        and kept.state = 'stored' and coalesce(kept.verified_at, '-infinity') < ${startedAt}))`;
    const untrue = tx
      .select({ id: storeScanFindings.id })
      .from(storeScanFindings)
      .where(
        sql`${storeScanFindings.resolvedAt} is null and ${storeScanFindings.lastSeenAt} < ${startedAt}
          and not ${isUnverified}`,
      )
      .orderBy(storeScanFindings.lastSeenAt, storeScanFindings.id)
      .limit(limit);
    const resolved = await tx
      .update(storeScanFindings)
      .set({ resolvedAt: databaseNow, resolution: "no_longer_true" })
      .where(inArray(storeScanFindings.id, untrue))
      .returning({
        id: storeScanFindings.id,
        kind: storeScanFindings.kind,
        recordingId: storeScanFindings.recordingId,
      });
    await tx
      .update(storeScans)
      .set({ resolved: run.resolved + resolved.length, progressAt: databaseNow })
      .where(eq(storeScans.id, run.id));
    const result = { mayHaveMore: resolved.length === limit };
    const [first, ...others] = resolved.map(({ id, kind, recordingId }) =>
      auditEvent("store_scan.discrepancy_resolved", {
        ...aboutFinding(id, recordingId, null),
        details: { kind, ...(recordingId === null ? {} : { findingId: id }), resolution: "no_longer_true" },
      }),
    );
    return first ? { result, audits: [first, ...others] } : { result, unchanged: true as const };
  },
});
