import { and, inArray, type SQL } from "drizzle-orm";
import { proveEvents } from "@/lib/audit/event-prover";
import type { ReadDatabase } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema";
import type { EvidenceStep } from "@/lib/receipts/receipt-schema";
import { stepActions, stepOfAction } from "@/lib/receipts/step-of-action";
import { witness, type Witness } from "@/lib/receipts/to-evidence";

/**
 * The events that a condition picks, by the part they play. The last of a kind counts: after a restore a deletion
 * is done again.
 * @throws AppError `not_sealed_yet`
 */
export async function readSteps(db: ReadDatabase, condition: SQL): Promise<Map<EvidenceStep, Witness>> {
  const steps = new Map<EvidenceStep, Witness>();
  // Not the others: that a receipt was issued is an event too, and waits for its own seal.
  const ofSteps = and(condition, inArray(auditEvents.action, stepActions));
  for (const event of (await proveEvents(db, ofSteps!)).map(witness))
    steps.set(stepOfAction(event.content.action)!, event);
  return steps;
}
