import { merkleRoot } from "@/lib/audit/merkle-tree";
import type { SealRow } from "@/lib/audit/seal-row";
import type { Findings } from "@/lib/audit/verify/finding";

/** An event of a batch as the database holds it now. */
export type FoundEvent = { id: string; leaf: string };

/**
 * Reports which events of a batch differ from what was sealed, by its stored leaf hashes, which are trusted if they
 * give the signed root. Returns the ids of the reported events.
 */
export function explainBatch(
  seal: SealRow,
  leaves: readonly string[],
  found: readonly FoundEvent[],
  findings: Findings,
): string[] {
  if (leaves.length !== seal.eventCount || merkleRoot(leaves) !== seal.merkleRoot.toString("hex")) {
    findings.add({
      code: "batch_altered",
      seal: seal.sequence,
      detail: `${found.length} of ${seal.eventCount} events; the leaf hashes were changed too`,
    });
    return [];
  }
  const foundLeaves = found.map((event) => event.leaf);
  const inSeal = new Set(leaves);
  const common = new Set(foundLeaves.filter((leaf) => inSeal.has(leaf)));
  const named: string[] = [];
  let place = 0;
  let index = 0;
  while (place < leaves.length || index < found.length) {
    const missing = runLength(leaves, place, common);
    const strange = runLength(foundLeaves, index, common);
    const events = found.slice(index, index + strange);
    reportRun({ seal, findings, place, missing, events, neighbour: found[index - 1]?.id });
    named.push(...events.map((event) => event.id));
    place += missing + 1;
    index += strange + 1;
  }
  return named;
}

/** Counts the leaves from here on that are on one side only. */
function runLength(leaves: readonly string[], start: number, common: ReadonlySet<string>): number {
  let end = start;
  while (end < leaves.length && !common.has(leaves[end]!)) end += 1;
  return end - start;
}

type Run = {
  seal: SealRow;
  findings: Findings;
  place: number;
  missing: number;
  events: readonly FoundEvent[];
  neighbour: string | undefined;
};

/** Reports the differences between two matching events: pairs sealed and present events in order. */
function reportRun({ seal: { sequence }, findings, place, missing, events, neighbour }: Run): void {
  events.forEach((event, offset) => {
    if (offset < missing)
      findings.add({
        code: "event_edited",
        seal: sequence,
        position: place + offset,
        eventId: event.id,
        detail: "differs from what was sealed",
      });
    else
      findings.add({
        code: "event_inserted",
        seal: sequence,
        eventId: event.id,
        detail: "is in a batch that was sealed without it",
      });
  });
  for (let offset = events.length; offset < missing; offset += 1) {
    const where = neighbour ? `after event ${neighbour}` : "at the beginning of the batch";
    findings.add({
      code: "event_removed",
      seal: sequence,
      position: place + offset,
      detail: `was sealed ${where} and is missing`,
    });
  }
}
