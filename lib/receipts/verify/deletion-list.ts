import canonicalize from "canonicalize";
import { z } from "zod";
import { leafHash } from "@/lib/audit/merkle-tree";
import { signedSealSchema, type SealBody } from "@/lib/audit/seal";
import type { PublicKeys } from "@/lib/audit/signing-keys";
import { DeletionTotals } from "@/lib/receipts/deletion-totals";
import { readContent } from "@/lib/receipts/read-content";
import { checkSeal, isUnder } from "@/lib/receipts/verify/check-evidence";
import type { Problem } from "@/lib/receipts/verify/receipt-report";

const provenLine = z.strictObject({
  event: z.record(z.string(), z.unknown()),
  index: z.int().nonnegative(),
  path: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(64),
});

/** The lines before a receipt of many recordings: seals, each followed by the events under it. */
export class DeletionList {
  events = 0;
  seals = 0;
  readonly totals = new DeletionTotals();
  readonly #ids = { run: new Set<unknown>(), order: new Set<unknown>() };
  #seal: SealBody | null = null;
  #lastIndex = -1;

  constructor(
    private readonly keys: PublicKeys,
    private readonly problem: Problem,
  ) {}

  read(line: string): void {
    try {
      const value = JSON.parse(line) as object;
      if ("seal" in value) this.#readSeal(value);
      else this.#readEvent(provenLine.parse(value));
    } catch {
      this.problem("form", `line ${this.events + this.seals + 1} is no part of a receipt`);
    }
  }

  /** Whether each deletion says that it belongs to this run or order. */
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
    // Strictly rising places: no deletion counts twice.
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
