import { eq } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { storeScanFindings } from "@/lib/db/schema/store-scan";
import { databaseNow } from "@/lib/db/schema/columns";
import { command } from "@/lib/operation/operation";

/** Resolves a finding that is no longer true after its retry. Safe to repeat. */
export const resolveRetriedFinding = command({
  permission: "store-scan:run",
  input: z.object({ findingId: z.uuid() }),
  audits: ["store_scan.discrepancy_resolved"],
  run: async ({ tx, input: { findingId } }) => {
    const [finding] = await tx
      .select()
      .from(storeScanFindings)
      .where(eq(storeScanFindings.id, findingId))
      .for("update");
    if (!finding || finding.resolvedAt !== null) return { result: null, unchanged: true };
    await tx
      .update(storeScanFindings)
      .set({ resolvedAt: databaseNow, resolution: "retried" })
      .where(eq(storeScanFindings.id, findingId));
    return {
      result: null,
      audits: [
        auditEvent("store_scan.discrepancy_resolved", {
          target: { type: "recording", id: finding.recordingId! },
          details: { kind: finding.kind, findingId, resolution: "retried" },
        }),
      ],
    };
  },
});
