import { and, inArray, type SQL } from "drizzle-orm";
import { proveEvents } from "@/lib/audit/event-prover";
import { currentSigningKey } from "@/lib/audit/signing-keys";
import { env } from "@/lib/core/env";
import type { ReadDatabase } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema";
import { stepActions, stepOfAction } from "@/lib/receipts/action-steps";
import { toEvidence, witness, type Witness } from "@/lib/receipts/evidence";
import { receiptNumber } from "@/lib/receipts/receipt-number";
import type { EvidenceStep } from "@/lib/receipts/receipt-parts";
import type { Receipt } from "@/lib/receipts/receipt-schema";

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

/** The fields that every receipt has, with the proofs of its events. */
export function receiptHead<Scope extends Receipt["scope"]>(
  scope: Scope,
  id: string,
  finishedAt: Date,
  steps: ReadonlyMap<EvidenceStep, Witness>,
) {
  return {
    type: "custodia.deletion-receipt.v1" as const,
    scope,
    number: receiptNumber(scope, id, finishedAt),
    controller: env().CONTROLLER_NAME,
    ...toEvidence([...steps]),
    signingKeyId: currentSigningKey().id,
  };
}
