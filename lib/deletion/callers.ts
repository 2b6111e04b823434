import type { recordings } from "@/lib/db/schema/recordings";
import { codeSuccessorOf, currentName } from "@/lib/operation/audit-actions";
import { commonStops, companyStops, type Stop } from "@/lib/recordings/may-be-deleted";

type State = (typeof recordings.$inferSelect)["state"];

/** Who has recordings deleted, as a value: marking, erasing and confirming are the same for all. */
export type Caller = {
  /** Stands in the row, the events, the ledger and the receipt. Null: the reason that the entry of the ledger gives. */
  reason: string | null;
  /** The states that it takes recordings from. */
  selects: readonly State[];
  /** What stops it. */
  stops: readonly Stop[];
  /** The audio is gone already, so no legal hold can bring the recording back. */
  isErased: boolean;
  /** Provisions of the LGPD, as codes; the certificate has the words. None that nobody chose. */
  legalGrounds: readonly string[];
};

/** The only table of callers. A new one is a row here, and the words for its reason. */
export const callers = {
  /** Its retention is over: a retention run. */
  due: {
    reason: "retention_expired",
    selects: ["stored"],
    stops: [...companyStops, "doubtful_date"],
    isErased: false,
    legalGrounds: ["lgpd_15_ii", "lgpd_16"],
  },
  /** Somebody ordered the deletion of a selection. */
  order: {
    reason: "deletion_order",
    selects: ["stored", "rejected"],
    stops: companyStops,
    isErased: false,
    legalGrounds: [],
  },
  /** The person recorded asked for it, or the ANPD ordered it. */
  request: {
    reason: "erasure",
    selects: ["stored", "rejected"],
    stops: commonStops,
    isErased: false,
    // Those of the rights that were granted: `statedGrounds`.
    legalGrounds: [],
  },
  /** Its audio is lost: the rest of it goes. */
  lost: {
    reason: "lost",
    selects: ["stored"],
    stops: commonStops,
    isErased: false,
    legalGrounds: [],
  },
  /** It may have card data, and a person decided that it goes. */
  card_data: {
    reason: "card_data",
    selects: ["stored"],
    stops: commonStops,
    isErased: false,
    legalGrounds: [],
  },
  /** A restored database brought it back. Holds and minimums of that database stop nothing: the audio was deleted. */
  replay: {
    reason: null,
    selects: ["pending", "stored", "deleting", "rejected"],
    stops: [],
    isErased: true,
    legalGrounds: [],
  },
} as const satisfies Record<string, Caller>;

export type CallerName = keyof typeof callers;

/** Why recordings go, as codes. */
export const deletionReasons = Object.values(callers).flatMap(({ reason }) => reason ?? []);

/** The provisions of the LGPD for a reason that an event or a row gives, also under an earlier name. */
export function legalGrounds(reason: string): string[] {
  const current = currentName(codeSuccessorOf, reason);
  return [...(Object.values(callers).find((caller) => caller.reason === current)?.legalGrounds ?? [])];
}
