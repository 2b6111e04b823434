import { eq } from "drizzle-orm";
import { AppError } from "@/lib/core/errors";
import type { Transaction } from "@/lib/db/client";
import { incidents } from "@/lib/db/schema";

/**
 * An incident that is still open, locked until `tx` ends.
 * @throws AppError `not_found`; `conflict` once it is closed.
 */
export async function lockOpenIncident(tx: Transaction, incidentId: string) {
  const [incident] = await tx.select().from(incidents).where(eq(incidents.id, incidentId)).for("update");
  if (!incident) throw new AppError("not_found");
  if (incident.closedAt !== null) throw new AppError("conflict", "the incident is closed");
  return incident;
}

export const targetOf = (id: string) => ({ type: "incident", id });
