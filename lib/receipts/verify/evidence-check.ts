import canonicalize from "canonicalize";
import { rootFromProof, leafHash } from "@/lib/audit/merkle-tree";
import { isSealSignedBy, type SealBody, type SignedSeal } from "@/lib/audit/seal";
import type { PublicKeys } from "@/lib/audit/signing-keys";
import { readContent, type EventContent } from "@/lib/receipts/event-content";
import { stepOfAction } from "@/lib/receipts/action-steps";
import type { Evidence, EvidenceStep } from "@/lib/receipts/receipt-parts";
import type { Receipt } from "@/lib/receipts/receipt-schema";
import type { Problem } from "@/lib/receipts/verify/receipt-report";

/** The content of a receipt's events by step; null for an event that is given only by its digest. */
export type ShownEvents = Map<EvidenceStep, EventContent | null>;

/** Checks that each event leads to the signed root of its seal. */
export function checkEvidence({ evidence, seals }: Receipt, keys: PublicKeys, problem: Problem): ShownEvents {
  const bySequence = new Map(seals.map((signed) => [signed.seal.sequence, signed.seal]));
  for (const signed of seals) checkSeal(signed, keys, problem);
  const shown: ShownEvents = new Map();
  for (const item of evidence) {
    const content = readShown(item, problem);
    if (shown.has(item.step)) problem("events", `there are two events "${item.step}"`);
    shown.set(item.step, content);
    const seal = bySequence.get(item.seal);
    if (!seal || !isUnder(seal, item.leaf, item))
      problem("events", `the event "${item.step}" is not covered by its seal`);
  }
  return shown;
}

export function checkSeal(signed: SignedSeal, keys: PublicKeys, problem: Problem): void {
  const { sequence, signingKeyId } = signed.seal;
  const key = keys.get(signingKeyId);
  if (!key) problem("seals", `seal ${sequence}: no public key "${signingKeyId}" was given`);
  else if (!isSealSignedBy(signed, key)) problem("seals", `seal ${sequence}: the signature is not valid`);
}

/** Whether an event's path leads to the root of its seal. */
export function isUnder(
  seal: SealBody,
  leaf: string,
  { index, path }: { index: number; path: readonly string[] },
): boolean {
  return rootFromProof(leaf, index, seal.eventCount, path) === seal.merkleRoot;
}

function readShown({ step, event, eventId, leaf }: Evidence, problem: Problem): EventContent | null {
  if (event === null) return null;
  if (leafHash(canonicalize(event)!) !== leaf) problem("events", `the event "${step}" is not the one that was sealed`);
  try {
    const content = readContent(event);
    if (content.id !== eventId || stepOfAction(content.action) !== step)
      problem("events", `the event "${step}" is another one`);
    return content;
  } catch {
    problem("events", `the event "${step}" cannot be read`);
    return null;
  }
}
