import type { ProvenEvent } from "@/lib/audit/event-prover";
import type { SignedSeal } from "@/lib/audit/seal";
import { readContent, type EventContent } from "@/lib/receipts/event-content";
import type { Evidence, EvidenceStep } from "@/lib/receipts/receipt-parts";

/** A proven event with its content. */
export type Witness = ProvenEvent & { content: EventContent };

export function witness(proven: ProvenEvent): Witness {
  return { ...proven, content: readContent(JSON.parse(proven.line)) };
}

/** The proven events in the form of a receipt, with each seal once. */
export function toEvidence(steps: readonly (readonly [EvidenceStep, Witness])[]): {
  evidence: Evidence[];
  seals: SignedSeal[];
} {
  const seals = new Map(steps.map(([, { seal }]) => [seal.seal.sequence, seal]));
  const evidence = steps.map(([step, { line, leaf, index, path, seal, content }]) => ({
    step,
    eventId: content.id,
    event: content.actorType === "user" ? null : (JSON.parse(line) as Record<string, unknown>),
    ...{ leaf, seal: seal.seal.sequence, index, path },
  }));
  return { evidence, seals: [...seals.values()].toSorted((left, right) => left.seal.sequence - right.seal.sequence) };
}
