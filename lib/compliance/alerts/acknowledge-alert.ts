import { severalLines } from "@/lib/core/text-input";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import { AppError } from "@/lib/core/errors";
import { alerts } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * Records who looked at an alert, and what they found. The first note stays.
 * @throws AppError `not_found`; `own_alert` for the person whose acts raised it.
 */
export const acknowledgeAlert = command({
  permission: "alert:acknowledge",
  input: z.object({ alertId: z.uuid(), note: severalLines(2000, 3) }),
  audits: ["alert.acknowledged"],
  run: async ({ tx, actor, input: { alertId, note } }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    const [alert] = await tx.select().from(alerts).where(eq(alerts.id, alertId)).for("update");
    if (!alert) throw new AppError("not_found");
    if (alert.userId === actor.userId) throw new AppError("own_alert", "another person acknowledges it");
    if (alert.acknowledgedAt !== null) return { result: null, unchanged: true as const };
    await tx
      .update(alerts)
      .set({
        ...{ acknowledgedAt: transactionNow, acknowledgedById: actor.userId },
        noteEncrypted: encryptField("alert.note", note),
      })
      .where(eq(alerts.id, alertId));
    const details = { rule: alert.rule, day: alert.day };
    return {
      result: null,
      audits: [auditEvent("alert.acknowledged", { target: { type: "alert", id: alertId }, details })],
    };
  },
});
