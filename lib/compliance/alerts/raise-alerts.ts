import { z } from "zod";
import { findAlerts, type FoundAlert } from "@/lib/compliance/alerts/alert-rules";
import { notifyStaff } from "@/lib/compliance/oversight/notify-staff";
import { readSettings } from "@/lib/compliance/oversight/oversight-settings";
import { newId } from "@/lib/core/new-id";
import { startOfDay, today } from "@/lib/core/time";
import type { Transaction } from "@/lib/db/client";
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
    const raised = (await insertNew(tx, found)).map(({ id, rule, day, value, threshold, userId }) => {
      const details = { rule, day, value, threshold, ...(userId ? { aboutUserId: userId } : {}) };
      return auditEvent("alert.raised", { target: { type: "alert", id }, details });
    });
    const [first, ...others] = raised;
    const result = { raised: raised.length };
    if (!first) return { result, unchanged: true as const };
    await notifyStaff(tx, { roles: ["auditor", "dpo"], template: "alert_raised", referenceId: first.target!.id });
    return { result, audits: [first, ...others] as const };
  },
});

const rowsPerStatement = 1000;

/** The alerts that were not raised before. */
async function insertNew(tx: Transaction, found: readonly FoundAlert[]) {
  const inserted: (typeof alerts.$inferSelect)[] = [];
  for (let start = 0; start < found.length; start += rowsPerStatement) {
    const rows = found.slice(start, start + rowsPerStatement).map((alert) => ({ id: newId(), ...alert }));
    inserted.push(...(await tx.insert(alerts).values(rows).onConflictDoNothing().returning()));
  }
  return inserted;
}
