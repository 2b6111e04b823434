import { and, inArray, type SQL } from "drizzle-orm";
import { proveEvents } from "@/lib/audit/event-prover";
import type { ReadDatabase } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema";
import type { EvidenceStep } from "@/lib/receipts/receipt-schema";
import { stepActions, stepOfAction } from "@/lib/receipts/step-of-action";
import { witness, type Witness } from "@/lib/receipts/to-evidence";

/**
 * The events that a condition selects, by their step. The last event of a step counts: after a restore a deletion is
 * repeated.
 * @throws AppError `not_sealed_yet`
 */
export async function readSteps(db: ReadDatabase, condition: SQL): Promise<Map<EvidenceStep, Witness>> {
  const steps = new Map<EvidenceStep, Witness>();
  // Excludes other events: issuing a receipt is an event too, and would wait for its own seal.
  const ofSteps = and(condition, inArray(auditEvents.action, stepActions));
  for (const event of (await proveEvents(db, ofSteps!)).map(witness))
    steps.set(stepOfAction(event.content.action)!, event);
  return steps;
}
