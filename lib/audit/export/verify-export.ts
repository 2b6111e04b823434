import { createHash, hash } from "node:crypto";
import {
  exportEndSchema,
  exportHeaderSchema,
  exportProofSchema,
  exportSealSchema,
  prefixedLines,
  type ExportHeader,
} from "@/lib/audit/export/export-format";
import { isSealSignedBy, sealHash, type SealBody } from "@/lib/audit/seal";
import { isCanonicalSignedBy, type PublicKeys } from "@/lib/audit/signing-keys";
import { rootFromProof, MerkleRoot } from "@/lib/audit/merkle-tree";

/** The events under one seal in an export. */
class ExportBatch {
  readonly #tree = new MerkleRoot();
  /** In a selection: the last event read, until its proof follows. */
  #unproven: { leaf: string; line: number } | null = null;
  readonly #withoutProof: number[] = [];

  private readonly seal: SealBody;
  private readonly isSelection: boolean;

  constructor(seal: SealBody, isSelection: boolean) {
    this.seal = seal;
    this.isSelection = isSelection;
  }

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
  isWhole: boolean;
  scope: ExportHeader["scope"] | null;
  events: number;
  seals: number;
  firstSeal: number | null;
  lastSeal: number | null;
  problems: ExportProblem[];
};

const problemsKept = 100;

const eventStart = '{"content":';

/**
 * Verifies an export with public keys alone: no database, no secret. Reads line by line and keeps the hashes of one
 * batch in memory. Keys inside the file are not trusted.
 */
export async function verifyExport(file: AsyncIterable<Buffer>, publicKeys: PublicKeys): Promise<ExportReport> {
  const verification = new ExportVerification(publicKeys);
  // Not node:readline: it also splits lines at U+2028, which JSON strings may contain.
  for await (const lines of prefixedLines(file)) for (const line of lines) verification.read(line);
  return verification.finish();
}

class ExportVerification {
  readonly #sha256 = createHash("sha256");
  readonly #report: ExportReport = {
    isWhole: false,
    scope: null,
    events: 0,
    seals: 0,
    firstSeal: null,
    lastSeal: null,
    problems: [],
  };
  #line = 0;
  #batch: ExportBatch | null = null;
  #previous: SealBody | null = null;
  #hasEnded = false;

  private readonly publicKeys: PublicKeys;

  constructor(publicKeys: PublicKeys) {
    this.publicKeys = publicKeys;
  }

  /** @param prefixed the line after a zero byte. */
  read(prefixed: Buffer): void {
    this.#line += 1;
    if (this.#hasEnded) return this.#problem("there is something after the end");
    const line = prefixed.subarray(1);
    try {
      if (line.toString("latin1", 0, eventStart.length) === eventStart) this.#event(prefixed);
      else this.#other(JSON.parse(line.toString()) as Record<string, unknown>);
    } catch {
      this.#problem("is not a line of an export");
    }
    if (!this.#hasEnded) this.#sha256.update(line).update("\n");
  }

  finish(): ExportReport {
    if (!this.#hasEnded) this.#problem("the end is missing: the file was cut off");
    return { ...this.#report, isWhole: this.#report.problems.length === 0 };
  }

  #other(value: Record<string, unknown>): void {
    if ("proof" in value) return this.#proof(exportProofSchema.parse(value).proof);
    this.#closeBatch();
    if ("seal" in value) this.#seal(exportSealSchema.parse(value));
    else if ("end" in value) this.#end(exportEndSchema.parse(value));
    else if (this.#line === 1) this.#report.scope = exportHeaderSchema.parse(value).export.scope;
    else this.#problem("is not a line of an export");
  }

  #event(prefixed: Buffer): void {
    this.#report.events += 1;
    if (!this.#batch) this.#problem("an event before any seal");
    else this.#batch.add(hash("sha256", prefixed, "hex"), this.#line);
  }

  #proof({ index, path }: { index: number; path: string[] }): void {
    if (!this.#batch?.prove(index, path)) this.#problem("the event before this proof does not belong to its seal");
  }

  #seal(signed: { seal: SealBody; signature: string }): void {
    const { seal } = signed;
    this.#report.seals += 1;
    this.#report.firstSeal ??= seal.sequence;
    this.#report.lastSeal = seal.sequence;
    const key = this.publicKeys.get(seal.signingKeyId);
    if (!key) this.#problem(`seal ${seal.sequence}: no public key "${seal.signingKeyId}" was given`);
    else if (!isSealSignedBy(signed, key)) this.#problem(`seal ${seal.sequence}: the signature is not valid`);
    this.#follows(seal);
    this.#previous = seal;
    this.#batch = new ExportBatch(seal, this.#report.scope === "selection");
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
    for (const problem of this.#batch?.problems() ?? []) this.#problem(problem);
    this.#batch = null;
  }

  #end({ end, signature }: ReturnType<typeof exportEndSchema.parse>): void {
    this.#hasEnded = true;
    const key = this.publicKeys.get(end.signingKeyId);
    if (!key) this.#problem(`no public key "${end.signingKeyId}" was given for the end`);
    else if (!isCanonicalSignedBy(end, signature, key)) this.#problem("the signature of the end is not valid");
    if (end.sha256 !== this.#sha256.digest("hex")) this.#problem("the file is not the one that was signed");
    if (end.events !== this.#report.events || end.seals !== this.#report.seals)
      this.#problem(
        `holds ${this.#report.events} events in ${this.#report.seals} seals; ${end.events} in ${end.seals} were ` +
          "exported",
      );
  }

  #problem(detail: string): void {
    if (this.#report.problems.length < problemsKept) this.#report.problems.push({ line: this.#line, detail });
  }
}
