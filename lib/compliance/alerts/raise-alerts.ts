import { z } from "zod";
import { findAlerts } from "@/lib/compliance/alerts/alert-rules";
import { notifyStaff } from "@/lib/compliance/oversight/notify-staff";
import { readSettings } from "@/lib/compliance/oversight/oversight-settings";
import { newId } from "@/lib/core/new-id";
import { startOfDay, today } from "@/lib/core/time";
import { alerts } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * Evaluates the rules for today and yesterday, whose last minutes nobody has looked at yet. What was raised before is
 * not raised again. Auditors and DPO get one message, however many alerts there are.
 */
export const raiseAlerts = command({
  permission: "alert:raise",
  input: z.object({}),
  audits: ["alert.raised"],
  prepare: async ({ db }) => {
    const yesterday = today(new Date(startOfDay(today()).getTime() - 1));
    return findAlerts(db, [yesterday, today()], await readSettings(db));
  },
  run: async ({ tx, prepared: found }) => {
    const raised = [];
    for (const alert of found) {
      const [row] = await tx
        .insert(alerts)
        .values({ id: newId(), ...alert })
        .onConflictDoNothing()
        .returning({ id: alerts.id });
      if (!row) continue;
      const { rule, day, value, threshold, userId } = alert;
      const details = { rule, day, value, threshold, ...(userId ? { aboutUserId: userId } : {}) };
      raised.push(auditEvent("alert.raised", { target: { type: "alert", id: row.id }, details }));
    }
    const [first, ...others] = raised;
    const result = { raised: raised.length };
    if (!first) return { result, unchanged: true as const };
    await notifyStaff(tx, { roles: ["auditor", "dpo"], template: "alert_raised", referenceId: first.target!.id });
    return { result, audits: [first, ...others] as const };
  },
});
