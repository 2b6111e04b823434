import { severalLines } from "@/lib/core/text-input";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { actorId } from "@/lib/operation/actor";
import { storeScanFindings, discrepancyKinds } from "@/lib/db/schema/store-scan";
import { databaseNow } from "@/lib/db/schema/columns";
import { lockOpenFinding } from "@/lib/store-scan/lock-open-finding";
import { aboutFinding } from "@/lib/store-scan/record-findings";
import { command } from "@/lib/operation/operation";

/**
 * Records why a discrepancy may stay: it is listed without alarm until it changes. The reason may name people, so it is
 * kept with the finding and not in the log.
 * @throws AppError `not_found`; `conflict` when it is resolved.
 */
export const acknowledgeFinding = command({
  permission: "store-scan:remedy",
  input: z.object({ findingId: z.uuid(), reason: severalLines(2000) }),
  audits: ["store_scan.discrepancy_acknowledged"],
  run: async ({ tx, actor, input: { findingId, reason } }) => {
    const { kind, recordingId } = await lockOpenFinding(tx, findingId, discrepancyKinds);
    await tx
      .update(storeScanFindings)
      .set({ acknowledgedAt: databaseNow, acknowledgedById: actorId(actor), acknowledgement: reason })
      .where(eq(storeScanFindings.id, findingId));
    return {
      result: null,
      audits: [
        auditEvent("store_scan.discrepancy_acknowledged", {
          ...aboutFinding(findingId, recordingId, null),
          details: { kind, findingId },
        }),
      ],
    };
  },
});
