import { MerkleRoot } from "@/lib/audit/merkle-tree";
import type { SealRow } from "@/lib/audit/seal-row";
import { parseContent } from "@/lib/audit/verify/hmac-check";

/** The events found in the range of one seal. */
export class BatchCheck {
  readonly #tree = new MerkleRoot();
  /** Events whose HMAC is wrong. */
  readonly forged: string[] = [];

  constructor(readonly seal: SealRow) {}

  add(leaf: string): void {
    this.#tree.add(leaf);
  }

  /** Whether these are exactly the events that were sealed. */
  get isIntact(): boolean {
    return this.#tree.count === this.seal.eventCount && this.#tree.root() === this.seal.merkleRoot.toString("hex");
  }
}

/** The id of an event, for a finding. */
export function eventIdOf(content: string): string {
  return String(parseContent(content)?.id ?? "unreadable");
}
