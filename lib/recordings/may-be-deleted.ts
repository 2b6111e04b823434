import { sql, type SQL } from "drizzle-orm";
import { legalHoldRecordings, legalHolds } from "@/lib/db/schema/legal-holds";
import { recordings } from "@/lib/db/schema/recordings";
import { isBlocked } from "@/lib/recordings/blocking/blocked";
import { isUnderChange } from "@/lib/recordings/change-in-progress";
import { hasDoubtfulDate } from "@/lib/recordings/doubtful-date";

/** Kept by a legal hold that is not released. */
export function isHeld(): SQL {
  return sql`exists (select from ${legalHoldRecordings} as held where held.recording_id = ${recordings.id}
    and held.released_at is null)`;
}

/**
 * A legal hold on a large search is being placed, batch by batch. No statement can tell which recordings it will reach.
 */
export function isHoldBeingPlaced(): SQL {
  return sql`exists (select from ${legalHolds} as unfinished where unfinished.placement is not null)`;
}

/** Everything that can stop a deletion. Each caller of `lib/deletion` names those that stop it. */
const stops = {
  legal_hold: () => sql`(${isHeld()} or ${isHoldBeingPlaced()})`,
  /** Applies even to an erasure request of the data subject (LGPD Art. 16 I). */
  legal_minimum: () => sql`coalesce(${recordings.minimumUntil} > now(), false)`,
  /** A policy change that is still being applied may raise the minimum. */
  policy_change: isUnderChange,
  /** Nobody has confirmed or corrected the start of the call, from which its date follows. */
  doubtful_date: hasDoubtfulDate,
  /** Every processing of it is suspended (LGPD Art. 5 XIII). */
  blocked: isBlocked,
} as const;

export type Stop = keyof typeof stops;

/** The stops of every deletion, except one that repeats an earlier deletion. */
export const commonStops: readonly Stop[] = ["legal_hold", "legal_minimum", "policy_change"];

/** The stops of a deletion that the company decides, rather than the person recorded or the ANPD. */
export const companyStops: readonly Stop[] = [...commonStops, "blocked"];

/**
 * The condition of every deletion, defined only here. `markForDeletion` checks it again after it has locked the rows.
 * A change that stops a deletion must therefore lock the recording (`for update`) before it commits: it then either
 * commits first and is seen, or comes second and finds `deleting`.
 */
export function mayBeDeleted(by: readonly Stop[] = commonStops): SQL {
  const none = by.map((stop) => sql`not ${stops[stop]()}`);
  // In parentheses, so that the whole condition can be negated.
  return sql`(${sql.join([sql`${recordings.state} in ('stored', 'rejected')`, ...none], sql` and `)})`;
}
