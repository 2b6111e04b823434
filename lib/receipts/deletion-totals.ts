import { deletedDetails, type EventContent } from "@/lib/receipts/read-content";
import type { Totals } from "@/lib/receipts/receipt-schema";

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
