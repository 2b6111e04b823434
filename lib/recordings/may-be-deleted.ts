import { sql, type SQL } from "drizzle-orm";
import { legalHoldRecordings, legalHolds } from "@/lib/db/schema/legal-holds";
import { recordings } from "@/lib/db/schema/recordings";
import { isUnderChange } from "@/lib/recordings/is-under-change";

/** Kept by a legal hold that nobody has released. */
export function isHeld(): SQL {
  return sql`exists (select from ${legalHoldRecordings} as held where held.recording_id = ${recordings.id} and held.released_at is null)`;
}

/**
 * A large search is being placed under a hold, batch by batch: which recordings it still has to reach no statement
 * can tell.
 */
function isHoldBeingPlaced(): SQL {
  return sql`exists (select from ${legalHolds} as unfinished where unfinished.placement is not null)`;
}

/**
 * What every way of deleting asks of a recording, whatever its reason; the only place for what forbids deletion: a
 * legal hold, the legal minimum, which stands even against an erasure request (LGPD Art. 16 I), and a change of
 * policy that may still raise it. `markForDeletion` asks it again after it has locked the rows. So whatever forbids
 * a deletion must lock the recording (`for update`) before it commits: it then either comes first and is seen, or
 * comes second and finds `deleting`.
 */
export function mayBeDeleted(): SQL {
  // In parentheses, so that it can be negated as a whole.
  return sql`(${recordings.state} in ('stored', 'rejected') and coalesce(${recordings.minimumUntil} <= now(), true) and not ${isHeld()} and not ${isUnderChange()} and not ${isHoldBeingPlaced()})`;
}
