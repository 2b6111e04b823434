import { createHash, hash, type KeyObject } from "node:crypto";
import {
  exportEndSchema,
  exportHeaderSchema,
  exportProofSchema,
  exportSealSchema,
  exportSectionSchema,
  exportTreeSchema,
  exportType,
  prefixedLines,
  type ExportHeader,
  type ExportProof,
  type ExportSection,
  type ExportTreeStart,
} from "@/lib/audit/export/export-format";
import { isSealSignedBy, sealHash, type SealBody } from "@/lib/audit/seal";
import { isCanonicalSignedBy, type PublicKeys } from "@/lib/audit/signing-keys";
import { SectionCheck, type ExportTree } from "@/lib/audit/export/section-check";
import { SignatureCheck } from "@/lib/audit/export/signature-check";
import { TransferDamage } from "@/lib/audit/export/transfer-damage";
import { rootFromProof, MerkleRoot } from "@/lib/audit/merkle-tree";

/** The events under one seal in an export. */
class ExportBatch {
  readonly #tree = new MerkleRoot();
  /** In a selection: the last event read, until its proof follows. */
  #unproven: { leaf: string; line: number } | null = null;
  readonly #withoutProof: number[] = [];

  private readonly seal: SealBody;
  private readonly isSelection: boolean;
  private readonly section: SectionCheck | null;

  constructor(seal: SealBody, isSelection: boolean, section: SectionCheck | null) {
    this.seal = seal;
    this.isSelection = isSelection;
    this.section = section;
  }

  add(leaf: string, line: number): void {
    this.section?.add(leaf);
    if (!this.isSelection) return this.#tree.add(leaf);
    if (this.#unproven) this.#withoutProof.push(this.#unproven.line);
    this.#unproven = { leaf, line };
  }

  /** What is wrong with the proof of the last event: it must lead to the roots of the seal and of the tree. */
  prove({ index, path, tree }: ExportProof): string[] {
    const leaf = this.#unproven?.leaf;
    this.#unproven = null;
    const { eventCount, merkleRoot } = this.seal;
    const isSealed = leaf !== undefined && rootFromProof(leaf, index, eventCount, path) === merkleRoot;
    const isInTree = leaf === undefined || !this.section || this.section.proves(leaf, tree);
    return [
      ...(isSealed ? [] : ["the event before this proof does not belong to its seal"]),
      ...(isInTree ? [] : ["the event before this proof is not at this place in the tree of the checkpoint"]),
    ];
  }

  /** The problems of the batch, once all its events were read. */
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

export type ExportProblem = { line: number; detail: string };

export type ExportReport = {
  /**
   * "foreign_key": consistent in itself, but signed with keys that were not given. "nothing_to_verify": it holds no
   * event, and cannot prove that there was none.
   */
  verdict: "whole" | "broken" | "foreign_key" | "nothing_to_verify";
  scope: ExportHeader["scope"] | null;
  events: number;
  seals: number;
  firstSeal: number | null;
  lastSeal: number | null;
  /** The parts of the log's trees, each up to its checkpoint. */
  trees: ExportTree[];
  /** Seals of versions without a tree: only the chain of seals proves their events. */
  sealsWithoutTree: number;
  problems: ExportProblem[];
};

/** So many problems are kept, and so many trees. */
const problemsKept = 100;

const newline = 10;

const eventStart = '{"content":';

/**
 * Verifies an export with public keys alone: no database, no secret. Reads line by line and keeps the hashes of one
 * batch in memory. Keys inside the file are not trusted.
 */
export async function verifyExport(file: AsyncIterable<Buffer>, publicKeys: PublicKeys): Promise<ExportReport> {
  const verification = new ExportVerification(publicKeys);
  // Not node:readline: it also splits lines at U+2028, which JSON strings may contain.
  for await (const { lines, areComplete } of prefixedLines(file))
    for (const line of lines) verification.read(line, areComplete);
  return verification.finish();
}

class ExportVerification {
  readonly #sha256 = createHash("sha256");
  readonly #damage = new TransferDamage();
  readonly #signatures: SignatureCheck;
  readonly #report: Omit<ExportReport, "verdict"> = {
    scope: null,
    events: 0,
    seals: 0,
    firstSeal: null,
    lastSeal: null,
    trees: [],
    sealsWithoutTree: 0,
    problems: [],
  };
  #line = 0;
  #batch: ExportBatch | null = null;
  /** Of version 1: undefined throughout. Null: the seals have no tree. */
  #section: SectionCheck | null | undefined;
  #hasSections = false;
  #previous: SealBody | null = null;
  #hasEnded = false;

  constructor(publicKeys: PublicKeys) {
    this.#signatures = new SignatureCheck(publicKeys);
  }

  /**
   * @param received the line after a zero byte.
   * @param isComplete false for a last line without a line end.
   */
  read(received: Buffer, isComplete: boolean): void {
    this.#line += 1;
    const prefixed = this.#damage.repair(received, this.#line);
    if (this.#damage.isUnreadable) return;
    if (this.#hasEnded) return this.#problem("there is something after the end");
    const line = prefixed.subarray(1);
    if (!isComplete && !isJson(line)) return this.#damage.cut(this.#line);
    try {
      if (line.toString("latin1", 0, eventStart.length) === eventStart) this.#event(prefixed);
      else this.#other(JSON.parse(line.toString()) as Record<string, unknown>, prefixed);
    } catch {
      this.#problem("is not a line of an export");
    }
    if (!this.#hasEnded) this.#hash(prefixed);
  }

  /** Adds a line to the hash of the file, with the line end before it in one piece: a call costs as much as a line. */
  #hash(prefixed: Buffer): void {
    if (this.#line === 1) return void this.#sha256.update(prefixed.subarray(1));
    prefixed[0] = newline;
    this.#sha256.update(prefixed);
  }

  finish(): ExportReport {
    if (!this.#hasEnded && !this.#damage.isCut) this.#problem("the end is missing: the file was cut off");
    const { problems, ...counts } = this.#report;
    const { mixedIn, foreign } = this.#signatures;
    const broken = [...this.#damage.problems, ...problems, ...mixedIn];
    const unproven = counts.events === 0 ? "nothing_to_verify" : "whole";
    const verdict = broken.length > 0 ? "broken" : foreign.length > 0 ? "foreign_key" : unproven;
    return { verdict, ...counts, problems: [...broken, ...foreign] };
  }

  #other(value: Record<string, unknown>, prefixed: Buffer): void {
    if ("proof" in value) return this.#proof(exportProofSchema.parse(value).proof);
    this.#closeBatch();
    if ("seal" in value) this.#seal(exportSealSchema.parse(value));
    else if ("section" in value && this.#hasSections) this.#openSection(exportSectionSchema.parse(value).section);
    else if ("tree" in value && this.#section) this.#start(exportTreeSchema.parse(value).tree, prefixed);
    else if ("end" in value) this.#end(exportEndSchema.parse(value));
    else if (this.#line === 1) this.#header(exportHeaderSchema.parse(value).export);
    else this.#problem("is not a line of an export");
  }

  #header({ type, scope, publicKeys }: ExportHeader): void {
    this.#report.scope = scope;
    this.#hasSections = type === exportType;
    this.#signatures.setOwnKeys(publicKeys);
  }

  #openSection(section: ExportSection | null): void {
    const epochBefore = this.#section?.epoch ?? null;
    this.#closeSection();
    this.#section = section && new SectionCheck(section, epochBefore);
    if (!section || !this.#section) return;
    const isSignedBy = (key: KeyObject) => this.#section!.isSignedBy(key);
    this.#problemsHere(this.#section.problems);
    if ((section.range === null) !== (this.#report.scope === "selection"))
      this.#problem("the section is of another kind of export");
    if (!this.#signatures.check({ keyId: section.signingKeyId, isSignedBy }, this.#line))
      this.#problem("the signature of the checkpoint is not valid");
  }

  #closeSection(): void {
    this.#problemsHere(this.#section?.finish() ?? []);
    const tree = this.#section?.report;
    if (tree && this.#report.trees.length < problemsKept) this.#report.trees.push(tree);
    this.#section = undefined;
  }

  #start(start: ExportTreeStart, prefixed: Buffer): void {
    this.#problemsHere(this.#section!.start(hash("sha256", prefixed, "hex"), start, this.#previous));
  }

  #event(prefixed: Buffer): void {
    this.#report.events += 1;
    if (!this.#batch) this.#problem("an event before any seal");
    else this.#batch.add(hash("sha256", prefixed, "hex"), this.#line);
  }

  #proof(proof: ExportProof): void {
    this.#problemsHere(this.#batch?.prove(proof) ?? ["a proof before any seal"]);
  }

  #seal(signed: { seal: SealBody; signature: string }): void {
    const { seal } = signed;
    this.#report.seals += 1;
    this.#report.firstSeal ??= seal.sequence;
    this.#report.lastSeal = seal.sequence;
    const isSignedBy = (key: KeyObject) => isSealSignedBy(signed, key);
    if (!this.#signatures.check({ keyId: seal.signingKeyId, isSignedBy }, this.#line))
      this.#problem(`seal ${seal.sequence}: the signature is not valid`);
    this.#follows(seal);
    if (this.#hasSections && this.#section === undefined) this.#problem("a seal before any section");
    if (this.#section) this.#problemsHere(this.#section.seal(seal));
    else this.#report.sealsWithoutTree += 1;
    this.#previous = seal;
    this.#batch = new ExportBatch(seal, this.#report.scope === "selection", this.#section ?? null);
  }

  /**
   * Checks that a seal follows the previous one. Whole batches have no gap between seals; a selection omits batches
   * without a match.
   */
  #follows(seal: SealBody): void {
    const previous = this.#previous;
    if (!previous) return;
    if (seal.sequence === previous.sequence + 1) {
      if (seal.previousHash !== sealHash(previous))
        this.#problem(`seal ${seal.sequence} does not follow from seal ${previous.sequence}`);
    } else if (this.#report.scope !== "selection" || seal.sequence <= previous.sequence) {
      this.#problem(`seal ${seal.sequence} stands after seal ${previous.sequence}`);
    }
  }

  #closeBatch(): void {
    this.#problemsHere(this.#batch?.problems() ?? []);
    this.#batch = null;
  }

  #end({ end, signature }: ReturnType<typeof exportEndSchema.parse>): void {
    this.#closeSection();
    this.#hasEnded = true;
    const isSignedBy = (key: KeyObject) => isCanonicalSignedBy(end, signature, key);
    if (!this.#signatures.check({ keyId: end.signingKeyId, isSignedBy }, this.#line))
      this.#problem("the signature of the end is not valid");
    if (end.sha256 !== this.#sha256.update("\n").digest("hex"))
      this.#problem("the file is not the one that was signed");
    if (end.events !== this.#report.events || end.seals !== this.#report.seals)
      this.#problem(
        `holds ${this.#report.events} events in ${this.#report.seals} seals; ${end.events} in ${end.seals} were ` +
          "exported",
      );
  }

  #problemsHere(details: readonly string[]): void {
    for (const detail of details) this.#problem(detail);
  }

  #problem(detail: string): void {
    if (this.#report.problems.length < problemsKept) this.#report.problems.push({ line: this.#line, detail });
  }
}

function isJson(line: Buffer): boolean {
  try {
    JSON.parse(line.toString());
    return true;
  } catch {
    return false;
  }
}
