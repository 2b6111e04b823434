import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { incidentColumns, incidentInput } from "@/lib/compliance/incidents/incident-input";
import { lockOpenIncident, targetOf } from "@/lib/compliance/incidents/locked-incident";
import { AppError } from "@/lib/core/errors";
import { incidents } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * Changes what an open incident's record says. The clock follows `knownAt`, and the log keeps each time that was said.
 * @throws AppError `conflict` if somebody else changed it since the form was opened, or it is closed.
 */
export const changeIncident = command({
  permission: "incident:manage",
  input: z.intersection(z.object({ incidentId: z.uuid(), version: z.coerce.number().int().min(1) }), incidentInput),
  audits: ["incident.changed"],
  run: async ({ tx, input: { incidentId, version, ...facts } }) => {
    const incident = await lockOpenIncident(tx, incidentId);
    if (incident.version !== version) throw new AppError("conflict", "the incident was changed meanwhile");
    await tx
      .update(incidents)
      .set({ ...incidentColumns(facts), version: sql`${incidents.version} + 1` })
      .where(eq(incidents.id, incidentId));
    const details = {
      ...{ incidentNumber: incident.number, effect: facts.effect, criteria: facts.criteria },
      ...{ knownAt: facts.knownAt?.toISOString() ?? null, knownAtBefore: incident.knownAt?.toISOString() ?? null },
    };
    return {
      result: { incidentId },
      audits: [auditEvent("incident.changed", { target: targetOf(incidentId), details })],
    };
  },
});
