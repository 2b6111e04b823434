import { and, eq, isNotNull, isNull } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { destroyDataKeys } from "@/lib/encryption-keys/data-key-destruction";
import { storeScanFindings } from "@/lib/db/schema/store-scan";
import { databaseNow } from "@/lib/db/schema/columns";
import { command } from "@/lib/operation/operation";
import { storeProof } from "@/lib/deletion/store-proof";

/**
 * Records the outcome of an ordered removal: proved in every store with its data key destroyed, no longer needed, or
 * failed and still ordered. Does nothing if another process has recorded it.
 */
export const finalizeObjectRemoval = command({
  permission: "store-scan:run",
  input: z.object({
    findingId: z.uuid(),
    outcome: z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("removed"), proof: z.array(storeProof).min(1) }),
      z.object({ kind: z.literal("in_use") }),
      z.object({ kind: z.literal("failed"), store: z.string().max(60), code: z.string().max(60) }),
    ]),
  }),
  audits: ["store_scan.discrepancy_remedied", "store_scan.removal_failed"],
  run: async ({ tx, input: { findingId, outcome } }) => {
    const ordered = and(
      eq(storeScanFindings.id, findingId),
      isNull(storeScanFindings.resolvedAt),
      isNotNull(storeScanFindings.removalOrderedAt),
    );
    const [finding] = await tx.select().from(storeScanFindings).where(ordered).for("update");
    if (!finding) return { result: null, unchanged: true };
    const target = { type: "store_scan_finding", id: findingId };
    if (outcome.kind === "failed")
      return {
        result: null,
        audits: [
          auditEvent("store_scan.removal_failed", {
            outcome: "failure",
            target,
            details: { store: outcome.store, code: outcome.code },
          }),
        ],
      };
    const resolution = outcome.kind === "removed" ? "object_removed" : "no_longer_true";
    await tx
      .update(storeScanFindings)
      .set({ resolvedAt: databaseNow, resolution, resolvedById: finding.removalOrderedById })
      .where(eq(storeScanFindings.id, findingId));
    const proof = outcome.kind === "removed" ? outcome.proof : [];
    const dataKeysDestroyed = outcome.kind === "removed" ? await destroyDataKeys(tx, [finding.objectKey!]) : 0;
    const details = {
      kind: finding.kind,
      resolution,
      stores: proof.map(({ store }) => store),
      versionsDeleted: proof.reduce((sum, { versionsDeleted }) => sum + versionsDeleted, 0),
      dataKeysDestroyed,
    };
    return { result: null, audits: [auditEvent("store_scan.discrepancy_remedied", { target, details })] };
  },
});
