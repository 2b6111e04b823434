import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { isDeepStrictEqual } from "node:util";
import { textLines } from "@/lib/audit/event-stream";
import { isCanonicalSignedBy, type PublicKeys } from "@/lib/audit/signing-keys";
import { signedReceiptSchema, type Receipt, type SignedReceipt } from "@/lib/receipts/receipt-schema";
import { checkEvidence, checkSeal, isUnder } from "@/lib/receipts/verify/evidence-check";
import { checkStatement } from "@/lib/receipts/verify/statement-check";
import type { ReceiptCheck, ReceiptReport, Problem } from "@/lib/receipts/verify/receipt-report";
import { z } from "zod";
import { leafHash } from "@/lib/audit/merkle-tree";
import { signedSealSchema, type SealBody } from "@/lib/audit/seal";
import { DeletionTotals } from "@/lib/receipts/summary-plan";
import { readContent } from "@/lib/receipts/event-content";

const provenLine = z.strictObject({
  event: z.record(z.string(), z.unknown()),
  index: z.int().nonnegative(),
  path: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(64),
});

/** The lines before the receipt of many recordings: seals, each followed by its events. */
class DeletionList {
  events = 0;
  seals = 0;
  readonly totals = new DeletionTotals();
  readonly #ids = { run: new Set<unknown>(), order: new Set<unknown>() };
  #seal: SealBody | null = null;
  #lastIndex = -1;

  private readonly keys: PublicKeys;
  private readonly problem: Problem;

  constructor(keys: PublicKeys, problem: Problem) {
    this.keys = keys;
    this.problem = problem;
  }

  read(line: string): void {
    try {
      const value = JSON.parse(line) as object;
      if ("seal" in value) this.#readSeal(value);
      else this.#readEvent(provenLine.parse(value));
    } catch {
      this.problem("form", `line ${this.events + this.seals + 1} is no part of a receipt`);
    }
  }

  /** Whether each deletion names this run or order. */
  isAllOf(scope: "run" | "order", id: string): boolean {
    const ids = this.#ids[scope];
    return this.events === 0 || (ids.size === 1 && ids.has(id));
  }

  #readSeal(value: object): void {
    this.seals += 1;
    const signed = signedSealSchema.parse(value);
    checkSeal(signed, this.keys, this.problem);
    if (this.#seal && signed.seal.sequence <= this.#seal.sequence)
      this.problem("list", `seal ${signed.seal.sequence} stands after seal ${this.#seal.sequence}`);
    this.#seal = signed.seal;
    this.#lastIndex = -1;
  }

  #readEvent({ event, index, path }: z.output<typeof provenLine>): void {
    this.events += 1;
    const content = readContent(event);
    if (!this.#seal || !isUnder(this.#seal, leafHash(canonicalize(event)!), { index, path }))
      this.problem("events", `event ${content.id} of the list is not covered by its seal`);
    // Positions must strictly increase, so that no deletion counts twice.
    if (index <= this.#lastIndex) this.problem("list", `event ${content.id} stands in another place than in its seal`);
    this.#lastIndex = index;
    if (content.action !== "recording.deleted") this.problem("list", `event ${content.id} is no deletion`);
    this.totals.add(content);
    for (const [scope, id] of [
      ["run", content.details.runId],
      ["order", content.details.orderId],
    ] as const)
      if (this.#ids[scope].size < 2) this.#ids[scope].add(id);
  }
}

const problemsKept = 100;

/**
 * Verifies a receipt with public keys alone: no database, no secret. Reads line by line, so memory does not depend on
 * the length of the list.
 */
export async function verifyReceipt(file: AsyncIterable<Buffer>, keys: PublicKeys): Promise<ReceiptReport> {
  const verification = new ReceiptVerification(keys);
  for await (const lines of textLines(file)) for (const line of lines) verification.read(line);
  return verification.finish();
}

class ReceiptVerification {
  readonly #sha256 = createHash("sha256");
  readonly #problems: ReceiptReport["problems"] = [];
  readonly #list: DeletionList;
  #signed: SignedReceipt | null = null;

  private readonly keys: PublicKeys;

  constructor(keys: PublicKeys) {
    this.keys = keys;
    this.#list = new DeletionList(keys, this.#problem);
  }

  read(line: string): void {
    if (this.#signed) return this.#problem("form", "there is something after the receipt");
    if (line.startsWith('{"receipt":')) return this.#readReceipt(line);
    this.#sha256.update(`${line}\n`);
    this.#list.read(line);
  }

  finish(): ReceiptReport {
    const signed = this.#signed;
    if (signed) this.#check(signed.receipt, signed.signature);
    else this.#problem("form", "there is no receipt in it, or not the whole of it");
    return { holds: this.#problems.length === 0, signed, listed: this.#list.events, problems: this.#problems };
  }

  #readReceipt(line: string): void {
    try {
      const value: unknown = JSON.parse(line);
      this.#signed = signedReceiptSchema.parse(value);
      if (canonicalize(value) !== line) this.#problem("form", "it is not as it was written");
    } catch {
      this.#problem("form", "the receipt cannot be read: it was cut off, or something in it is no part of a receipt");
    }
  }

  #check(receipt: Receipt, signature: string): void {
    const key = this.keys.get(receipt.signingKeyId);
    if (!key) this.#problem("signature", `no public key "${receipt.signingKeyId}" was given`);
    else if (!isCanonicalSignedBy(receipt, signature, key))
      this.#problem("signature", "the signature is not valid: what is signed was altered, or another key signed it");
    checkStatement(receipt, checkEvidence(receipt, this.keys, this.#problem), this.#problem);
    this.#checkList(receipt);
  }

  #checkList(receipt: Receipt): void {
    const { events, seals, totals } = this.#list;
    if (receipt.scope === "recording") {
      if (events + seals > 0) this.#problem("list", "a receipt of one recording has no list");
      return;
    }
    if (!isDeepStrictEqual(receipt.list, { events, seals, sha256: this.#sha256.digest("hex") }))
      this.#problem(
        "list",
        `the list is not the one that was signed: ${events} recordings are here, ${receipt.list.events} were signed`,
      );
    if (!isDeepStrictEqual(receipt.totals, totals.result()))
      this.#problem("list", "the totals are not those of the list");
    const id = receipt.scope === "run" ? receipt.run.id : receipt.order.id;
    if (!this.#list.isAllOf(receipt.scope, id))
      this.#problem("list", `something in the list is not of this ${receipt.scope}`);
  }

  readonly #problem = (check: ReceiptCheck, detail: string): void => {
    if (this.#problems.length < problemsKept) this.#problems.push({ check, detail });
  };
}
