import { eq } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { actorId } from "@/lib/operation/actor";
import { storeScanFindings } from "@/lib/db/schema/store-scan";
import { databaseNow } from "@/lib/db/schema/columns";
import { lockOpenFinding } from "@/lib/store-scan/lock-open-finding";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import { recordingsPrefix } from "@/lib/store-scan/compare/scan-objects";
import { AppError } from "@/lib/core/errors";
import { command } from "@/lib/operation/operation";

/**
 * Orders the deletion, from every store, of audio that belongs to no recording. A background job carries it out.
 * @throws AppError `not_found`; `conflict` when the finding is resolved, or the object is not the portal's.
 */
export const orderObjectRemoval = command({
  permission: "store-scan:remove-object",
  freshProof: true,
  input: z.object({ findingId: z.uuid() }),
  audits: ["store_scan.removal_ordered"],
  run: async ({ tx, actor, input: { findingId } }) => {
    const finding = await lockOpenFinding(tx, findingId, ["object_without_recording"]);
    if (!finding.objectKey!.startsWith(recordingsPrefix)) throw new AppError("conflict", "not an object of the portal");
    if (finding.removalOrderedAt !== null) return { result: null, unchanged: true };
    await tx
      .update(storeScanFindings)
      .set({ removalOrderedAt: databaseNow, removalOrderedById: actorId(actor) })
      .where(eq(storeScanFindings.id, findingId));
    await enqueueJob(tx, { kind: "object_removals", key: "all", payload: {} });
    return {
      result: null,
      audits: [
        auditEvent("store_scan.removal_ordered", {
          target: { type: "store_scan_finding", id: findingId },
          details: { kind: finding.kind, ...finding.facts },
        }),
      ],
    };
  },
});
