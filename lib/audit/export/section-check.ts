import type { KeyObject } from "node:crypto";
import type { ExportProof, ExportSection, ExportTreeStart } from "@/lib/audit/export/export-format";
import { MerkleRoot, rootFromProof, subtreeLevels } from "@/lib/audit/merkle-tree";
import { sealHash, type SealBody } from "@/lib/audit/seal";
import { openCheckpoint, readCheckpoint, type Checkpoint } from "@/lib/audit/tree/checkpoint";

/** A tree of which an export has a part, as of the checkpoint in the export. */
export type ExportTree = {
  /** `root` in base64, as the checkpoint has it, to be compared with a checkpoint that was kept elsewhere. */
  checkpoint: { origin: string; size: number; root: string };
  firstSeal: number | null;
  lastSeal: number | null;
  events: number;
};

/** One section of an export: computes the root of its checkpoint from the lines. Methods return what is wrong. */
export class SectionCheck {
  readonly #tree: MerkleRoot | null;
  readonly #checkpoint: Checkpoint | null;
  readonly #problems: string[] = [];
  readonly #counts: Omit<ExportTree, "checkpoint"> = { firstSeal: null, lastSeal: null, events: 0 };
  #lastLeaf = -1;

  private readonly section: ExportSection;
  /** The epoch of the section before, if it had a tree. */
  private readonly epochBefore: string | null;

  constructor(section: ExportSection, epochBefore: string | null) {
    this.section = section;
    this.epochBefore = epochBefore;
    this.#checkpoint = readCheckpoint(section.checkpoint);
    if (!this.#checkpoint) this.#problems.push("the checkpoint cannot be read");
    else if (this.#checkpoint.origin !== section.origin)
      this.#problems.push(`the checkpoint is of another tree: ${this.#checkpoint.origin}`);
    this.#tree = section.range && this.#treeBefore(section.range);
  }

  /** What is wrong with the section's own line, but for the signature of its checkpoint. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** The epoch of anchors in which the tree began. */
  get epoch(): string | null {
    return this.section.origin.split("/").at(-2) ?? null;
  }

  isSignedBy(key: KeyObject): boolean {
    return openCheckpoint(this.section.checkpoint, key) !== null;
  }

  /** The first entry of the tree, if the tree begins here. */
  start(leaf: string, { origin, previousSeal }: ExportTreeStart, previous: SealBody | null): string[] {
    const isFirst = this.#tree?.count === 0 && origin === this.section.origin;
    const isAfter = (previousSeal?.sequence ?? 0) === (firstSealOf(origin) ?? 0) - 1;
    const follows = !previous || previousSeal?.hash === sealHash(previous);
    this.#tree?.add(leaf);
    if (!isFirst) return ["the tree does not begin here"];
    return isAfter && follows ? [] : ["the tree does not follow from the seal before it"];
  }

  seal({ sequence, anchorEpoch }: SealBody): string[] {
    const firstSeal = firstSealOf(this.section.origin);
    const isFirst = this.#counts.firstSeal === null;
    const isInTree = this.epoch === anchorEpoch && firstSeal !== null && firstSeal <= sequence;
    const begins = isFirst && this.section.range?.before === 0;
    this.#counts.firstSeal ??= sequence;
    this.#counts.lastSeal = sequence;
    if (!isInTree || (begins && firstSeal !== sequence)) return [`seal ${sequence} is not of this tree`];
    if (this.#tree?.count === 0) return ["the first entry of the tree is missing"];
    // A selection may leave out seals between two trees.
    const isAnother = isFirst && this.section.range && this.epochBefore === anchorEpoch;
    return isAnother ? [`seal ${sequence} begins another tree in the same epoch`] : [];
  }

  add(leaf: string): void {
    this.#counts.events += 1;
    this.#tree?.add(leaf);
  }

  /** Whether a path leads from an event to the checkpoint, and the event stands after those before it. */
  proves(leaf: string, proof: ExportProof["tree"]): boolean {
    if (!proof || !this.#checkpoint || proof.index <= this.#lastLeaf) return false;
    this.#lastLeaf = proof.index;
    return rootFromProof(leaf, proof.index, this.#checkpoint.size, proof.path) === this.#checkpoint.root;
  }

  /** What is wrong with the whole section, once its lines were read. */
  finish(): string[] {
    if (!this.#tree || !this.#checkpoint || !this.section.range) return [];
    const { size, root } = this.#checkpoint;
    const { count } = this.#tree;
    if (count > size) return [`the checkpoint has ${size} leaves, the tree up to here ${count}`];
    return this.#tree.rootWith(this.section.range.right, size) === root
      ? []
      : [`the entries and the hashes around them do not give the root of the checkpoint of ${size} leaves`];
  }

  /** Null if there is no checkpoint to tell of. */
  get report(): ExportTree | null {
    if (!this.#checkpoint) return null;
    const { origin, size, root } = this.#checkpoint;
    return { checkpoint: { origin, size, root: Buffer.from(root, "hex").toString("base64") }, ...this.#counts };
  }

  #treeBefore({ before, left }: NonNullable<ExportSection["range"]>): MerkleRoot | null {
    const expected = before === 0 ? 0 : subtreeLevels(before).length;
    if (left.length === expected) return before === 0 ? new MerkleRoot() : MerkleRoot.from(before, left);
    this.#problems.push(`the frontier has ${left.length} hashes, one of ${before} leaves has ${expected}`);
    return null;
  }
}

/** The seal that began a tree, the last part of its name; null for another name. */
function firstSealOf(origin: string): number | null {
  const [, sequence] = /\/(\d+)$/.exec(origin) ?? [];
  return sequence === undefined ? null : Number(sequence);
}
