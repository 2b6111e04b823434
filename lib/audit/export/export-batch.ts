import { rootFromProof } from "@/lib/audit/merkle-proof";
import { MerkleRoot } from "@/lib/audit/merkle-tree";
import type { SealBody } from "@/lib/audit/seal";

/** The events that stand under one seal in an export. */
export class ExportBatch {
  readonly #tree = new MerkleRoot();
  /** In a selection: the last event, until its proof comes. */
  #unproven: { leaf: string; line: number } | null = null;
  readonly #withoutProof: number[] = [];

  constructor(
    private readonly seal: SealBody,
    private readonly isSelection: boolean,
  ) {}

  add(leaf: string, line: number): void {
    if (!this.isSelection) return this.#tree.add(leaf);
    if (this.#unproven) this.#withoutProof.push(this.#unproven.line);
    this.#unproven = { leaf, line };
  }

  /** Whether the path leads from the last event to the signed root. */
  prove(index: number, path: readonly string[]): boolean {
    const leaf = this.#unproven?.leaf;
    this.#unproven = null;
    return leaf !== undefined && rootFromProof(leaf, index, this.seal.eventCount, path) === this.seal.merkleRoot;
  }

  /** What is wrong once all its events were read. */
  problems(): string[] {
    const { sequence, eventCount, merkleRoot } = this.seal;
    if (this.isSelection) {
      const lines = [...this.#withoutProof, ...(this.#unproven ? [this.#unproven.line] : [])];
      return lines.map((line) => `the event in line ${line} has no proof`);
    }
    const { count } = this.#tree;
    if (count !== eventCount) return [`seal ${sequence}: ${eventCount} events were sealed, ${count} are here`];
    return this.#tree.root() === merkleRoot
      ? []
      : [`seal ${sequence}: an event is not as it was sealed, or out of order`];
  }
}
