import type { Asked, Totals } from "@/lib/receipts/receipt-parts";
import type { OrderReceipt, receiptFormats, RunReceipt } from "@/lib/receipts/receipt-schema";
import { AppError } from "@/lib/core/errors";
import { auditEvent } from "@/lib/operation/audit-event";
import { type EventContent, deletedDetails } from "@/lib/receipts/event-content";
import { notSealedYet, countSealed } from "@/lib/audit/event-prover";
import { assertExportMayStart } from "@/lib/audit/export/export-slots";
import type { ReadDatabase } from "@/lib/db/client";

const counts = ["versionsDeleted", "deleteMarkersDeleted", "unfinishedUploadsAborted", "dataKeysDestroyed"] as const;

/** Totals of `recording.deleted` events, for the writer and the verifier of a list. */
export class DeletionTotals {
  readonly #totals = {
    recordings: 0,
    versionsDeleted: 0,
    deleteMarkersDeleted: 0,
    unfinishedUploadsAborted: 0,
    dataKeysDestroyed: 0,
    contentKeysDestroyed: 0,
  };
  readonly #stores = new Set<string>();
  #first: string | null = null;
  #last: string | null = null;
  #lastProof: string | null = null;

  add({ occurredAt, details }: EventContent): void {
    const deleted = deletedDetails.parse(details);
    this.#totals.recordings += 1;
    for (const count of counts) this.#totals[count] += deleted[count];
    if (deleted.contentKeyDestroyed) this.#totals.contentKeysDestroyed += 1;
    for (const store of deleted.stores) this.#stores.add(store);
    // ISO 8601 in UTC sorts as text.
    if (this.#first === null || occurredAt < this.#first) this.#first = occurredAt;
    if (this.#last === null || occurredAt > this.#last) this.#last = occurredAt;
    if (this.#lastProof === null || deleted.provedAbsentAt > this.#lastProof) this.#lastProof = deleted.provedAbsentAt;
  }

  result(): Totals {
    return {
      ...this.#totals,
      stores: [...this.#stores].sort(),
      firstDeletedAt: this.#first,
      lastDeletedAt: this.#last,
      lastProvedAbsentAt: this.#lastProof,
    };
  }
}

type Head<Receipt> = Omit<Receipt, "totals" | "list" | "method" | "remains">;

/** The receipt of many recordings before its list is written: what is known without reading them. */
export type SummaryPlan = {
  head: Head<RunReceipt> | Head<OrderReceipt>;
  finishedAt: Date;
  /** The `recording.deleted` events of the list, as a condition on `audit_events` with its values quoted. */
  where: string;
  recordings: number;
};

/** The actor of an event: an id and a role, never a name. */
export function askedBy({ actorType, actorId, actorRole }: EventContent): Asked {
  return { type: actorType, id: actorId, role: actorRole };
}

/**
 * Counts the recordings of a list before its first line is sent.
 * @throws AppError `nothing_deleted`: no certificate without a deletion; `not_sealed_yet`; `unavailable`
 * while the maximum number of lists and exports is being read.
 */
export async function countList(db: ReadDatabase, where: string): Promise<number> {
  assertExportMayStart();
  const { events, unsealed } = await countSealed(db, where);
  if (unsealed > 0) throw notSealedYet();
  if (events === 0) throw new AppError("nothing_deleted");
  return events;
}

/**
 * The `recording.deleted` events of some recordings, as a condition on `audit_events` with quoted values.
 * @param ofRow a condition on `recordings`.
 * @param ofEvent an equivalent condition on the event.
 */
export function deletionsOf(ofRow: string, ofEvent: string): string {
  // An array, not a join: the planner cannot estimate how many rows a condition on `details` leaves, and would compare
  // every pair.
  return (
    `action = 'recording.deleted' and target_type = 'recording' and target_id = any(array(select id::text ` +
    `from recordings where ${ofRow})) and ${ofEvent}`
  );
}

/** The result and the event of an operation that issues the receipt of many recordings. */
export function issuedSummary(
  plan: SummaryPlan,
  format: (typeof receiptFormats)[number],
  target: { type: "deletion_order" | "retention_run"; id: string },
) {
  const details = { scope: plan.head.scope, number: plan.head.number, format, recordings: plan.recordings };
  return { result: { plan, format }, audits: [auditEvent("receipt.issued", { target, details })] as const };
}
