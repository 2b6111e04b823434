import { eq, inArray, and } from "drizzle-orm";
import { z } from "zod";
import { isNotifiable } from "@/lib/compliance/incidents/incident-clock";
import { lockOpenIncident, targetOf } from "@/lib/compliance/incidents/locked-incident";
import { AppError } from "@/lib/core/errors";
import type { Transaction } from "@/lib/db/client";
import { transactionNow } from "@/lib/db/schema/columns";
import { incidentNotices, incidents } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * Closes the record of an incident. It needs a decision on the effect, and the notices that the decision asks for, or
 * the reason why they were not given (Res. CD/ANPD 15/2024, Art. 10, § 1).
 * @throws AppError `incident_incomplete`, `not_found`; `conflict` if it is closed already.
 */
export const closeIncident = command({
  permission: "incident:manage",
  input: z.object({ incidentId: z.uuid() }),
  audits: ["incident.closed"],
  run: async ({ tx, actor, input: { incidentId } }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    const incident = await lockOpenIncident(tx, incidentId);
    const notifiable = isNotifiable(incident);
    if (notifiable === null || incident.knownAt === null) throw new AppError("incident_incomplete", "not decided");
    const isTold = notifiable && (await isEverybodyTold(tx, incidentId));
    if (!isTold && incident.noticeReasonEncrypted === null)
      throw new AppError("incident_incomplete", "neither told nor a reason");
    const closed = { closedAt: transactionNow, closedById: actor.userId };
    await tx.update(incidents).set(closed).where(eq(incidents.id, incidentId));
    const details = { incidentNumber: incident.number, notifiable, everybodyTold: isTold };
    return {
      result: { incidentId },
      audits: [auditEvent("incident.closed", { target: targetOf(incidentId), details })],
    };
  },
});

async function isEverybodyTold(tx: Transaction, incidentId: string): Promise<boolean> {
  const { kind } = incidentNotices;
  const ofIncident = eq(incidentNotices.incidentId, incidentId);
  const [anpd, subjects] = [
    await tx.$count(incidentNotices, and(ofIncident, eq(kind, "anpd"))),
    await tx.$count(incidentNotices, and(ofIncident, inArray(kind, ["subjects_individual", "subjects_public"]))),
  ];
  return anpd > 0 && subjects > 0;
}
