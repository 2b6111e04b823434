import { eq, max, sql } from "drizzle-orm";
import { z } from "zod";
import { incidentColumns, incidentInput } from "@/lib/compliance/incidents/incident-input";
import { targetOf } from "@/lib/compliance/incidents/locked-incident";
import { AppError } from "@/lib/core/errors";
import type { Transaction } from "@/lib/db/client";
import { alerts, incidents } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { requestSettings } from "@/lib/subject-requests/request-settings";

/** The alert that it was registered of; null: none, as an empty field of the form says. */
const sourceAlert = z
  .union([z.uuid(), z.literal("")])
  .default("")
  .transform((id) => (id === "" ? null : id));

/**
 * Registers an incident, also one that is only suspected, or of which nobody will be told (Res. CD/ANPD 15/2024,
 * Art. 10). The form sends its id, so that a form that is sent twice registers one.
 * @throws AppError `not_found` for an unknown alert; `conflict` for one that another incident was registered of.
 */
export const registerIncident = command({
  permission: "incident:manage",
  input: z.intersection(z.object({ incidentId: z.uuid(), alertId: sourceAlert }), incidentInput),
  audits: ["incident.registered"],
  run: async ({ tx, actor, input: { incidentId: id, alertId, ...facts } }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('custodia incidents'))`);
    const [before] = await tx.select({ number: incidents.number }).from(incidents).where(eq(incidents.id, id));
    if (before) return { result: { incidentId: id, number: before.number }, unchanged: true as const };
    const [last] = await tx.select({ number: max(incidents.number) }).from(incidents);
    const number = (last?.number ?? 0) + 1;
    const { timeZone, isSmallAgent } = await requestSettings(tx);
    const own = { id, number, timeZone, isSmallAgent, registeredById: actor.userId };
    await tx.insert(incidents).values({ ...own, ...incidentColumns(facts) });
    if (alertId !== null) await linkAlert(tx, alertId, id);
    const details = {
      incidentNumber: number,
      effect: facts.effect,
      criteria: facts.criteria,
      knownAt: facts.knownAt?.toISOString() ?? null,
      ...(alertId === null ? {} : { alertId }),
    };
    return {
      result: { incidentId: id, number },
      audits: [auditEvent("incident.registered", { target: targetOf(id), details })],
    };
  },
});

async function linkAlert(tx: Transaction, alertId: string, incidentId: string): Promise<void> {
  const [alert] = await tx.select().from(alerts).where(eq(alerts.id, alertId)).for("update");
  if (!alert) throw new AppError("not_found", "no such alert");
  if (alert.incidentId !== null) throw new AppError("conflict", "another incident was registered of it");
  await tx.update(alerts).set({ incidentId }).where(eq(alerts.id, alertId));
}
