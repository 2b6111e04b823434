import type { OrderReceipt, RunReceipt, Asked, Totals } from "@/lib/receipts/receipt-schema";
import { type EventContent, deletedDetails } from "@/lib/receipts/read-content";
import { notSealedYet, countSealed } from "@/lib/audit/event-prover";
import { assertExportMayStart } from "@/lib/audit/export/export-slots";
import type { ReadDatabase } from "@/lib/db/client";

const counts = ["versionsDeleted", "deleteMarkersDeleted", "unfinishedUploadsAborted", "dataKeysDestroyed"] as const;

/** Adds up `recording.deleted` events, for who writes a list of them and for who verifies it. */
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

/** A receipt of many recordings before its list was written: what is known of it without reading them. */
export type SummaryPlan = {
  head: Head<RunReceipt> | Head<OrderReceipt>;
  finishedAt: Date;
  /** The `recording.deleted` events of the list, as a condition on `audit_events` with its values quoted. */
  where: string;
  recordings: number;
};

/** Who did what an event tells of: an id and a role, never a name. */
export function askedBy({ actorType, actorId, actorRole }: EventContent): Asked {
  return { type: actorType, id: actorId, role: actorRole };
}

/**
 * How many recordings a list will have, before its first line is sent.
 * @throws AppError `not_sealed_yet`; `unavailable` while as many lists and exports are being read as may be at once.
 */
export async function countList(db: ReadDatabase, where: string): Promise<number> {
  assertExportMayStart();
  const { events, unsealed } = await countSealed(db, where);
  if (unsealed > 0) throw notSealedYet();
  return events;
}

/**
 * The `recording.deleted` events of some recordings, as a condition on `audit_events`. Values are quoted already.
 * @param which a condition on `recordings`.
 * @param told a condition on the event: it must say the same.
 */
export function deletionsOf(which: string, told: string): string {
  // An array and not a join: nothing estimates how many rows a condition on `details` leaves, and the planner would
  // compare each with each.
  return `action = 'recording.deleted' and target_type = 'recording' and target_id = any(array(select id::text from recordings where ${which})) and ${told}`;
}
