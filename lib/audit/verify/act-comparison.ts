import { sql } from "drizzle-orm";
import { signedNames } from "@/lib/audit/event-filters";
import { quoteLiteral } from "@/lib/audit/event-stream";
import type { Findings } from "@/lib/audit/verify/finding";
import type { Transaction } from "@/lib/db/client";
import { disclosingActions, type AuditAction } from "@/lib/operation/audit-actions";

/** What leaves a row beside its event. No operation removes such a row: an erasure empties columns and keeps it. */
export type ActKind = "playback_grant" | "deleted_recording" | "erasure_ledger_entry" | "disclosure";

/** An act without its event, or an event (`eventId`) without the row of its act. */
type Unmatched = { id: string; eventId: string | null };

const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

/** The events `e` of some actions, with what their details name as `act` (SQL). */
const events = (act: string, ...actions: AuditAction[]) =>
  `(select id, target_type, target_id, ${act} as act from audit_events
    where action in (${signedNames(actions).map(quoteLiteral).join()})) e`;

// Details are read by their place, not as JSON: somebody may have put there what PostgreSQL cannot read as JSON.
const grantId = `substr(details::text, nullif(strpos(details::text, '"grantId":"'), 0) + 11, 36)`;
const ledgerSequence = `substring(details::text from '"ledgerSequence":"?([0-9]{1,15})')`;

const grants = events(grantId, "recording.play_granted", "recording.download_granted");
const deletions = events(ledgerSequence, "recording.deleted");
const replays = events("null", "erasure_ledger.replayed");
const disclosures = events("null", ...disclosingActions);
const deletedRecordings = "(select id::text from recordings where state = 'deleted') r";
const erased = `(select r.sequence, entry.found[1] as recording_id from erasure_ledger r,
  regexp_matches(r.body, '"recordingId":"(${uuid})"', 'g') entry (found)) r`;

/**
 * The unmatched of each kind, each as one statement that PostgreSQL can answer by joins: a look at each act by itself
 * takes minutes for a hundred thousand. An event that names no act, as of earlier releases, is matched.
 */
const comparisons: readonly [ActKind, string][] = [
  [
    "playback_grant",
    `select coalesce(r.id::text, e.act) as id, e.id as event_id from playback_grants r full join ${grants}
      on e.act = r.id::text and e.target_id = r.recording_id::text
      where e.id is null or (r.id is null and e.act ~ '^${uuid}$')`,
  ],
  [
    "deleted_recording",
    `select coalesce(r.id, e.target_id) as id, e.id as event_id from ${deletedRecordings} full join ${deletions}
      on e.target_id = r.id where e.id is null or r.id is null`,
  ],
  [
    "disclosure",
    `select coalesce(r.event_id, e.id)::text as id, e.id as event_id from audit_disclosures r full join ${disclosures}
      on e.id = r.event_id where e.id is null or r.event_id is null`,
  ],
  [
    // An entry that a restored database took over from the store may name recordings of which it has no row.
    "erasure_ledger_entry",
    `select distinct r.sequence::text as id, null as event_id from ${erased}
      where not exists (select from ${deletions} where e.target_id = r.recording_id)
      and not exists
        (select from ${replays} where e.target_type = 'erasure_ledger' and e.target_id = r.sequence::text)`,
  ],
  [
    "erasure_ledger_entry",
    `select e.act as id, e.id as event_id from ${deletions} where e.act is not null
      and not exists (select from erasure_ledger r where r.sequence::text = e.act)`,
  ],
];

/**
 * Compares acts with their events, both ways: who deletes an event before its seal must know of its row, too. The
 * memory that it takes does not grow with the log.
 * @param tx reads the snapshot of the log, and nothing else afterwards: its settings are for these joins.
 */
export async function compareActs(tx: Transaction, findings: Findings): Promise<void> {
  // A loop over an index costs a search for each act, and PostgreSQL chooses it when its statistics are old.
  await tx.execute(sql`set local enable_nestloop = off`);
  await tx.execute(sql`set local cursor_tuple_fraction = 1`);
  for (const [kind, select] of comparisons)
    for await (const { id, eventId } of unmatched(tx, select)) {
      const act = { kind, id };
      if (eventId === null) findings.add({ code: "act_without_event", act, detail: `${kind} ${id} has no event` });
      else {
        const detail = `tells of ${kind} ${id}, which does not exist`;
        findings.add({ code: "event_without_act", eventId, act, detail });
      }
    }
}

const rowsPerRead = 1000;

async function* unmatched(tx: Transaction, select: string): AsyncGenerator<Unmatched> {
  await tx.execute(sql.raw(`declare unmatched_acts no scroll cursor for ${select}`));
  for (let read = rowsPerRead; read === rowsPerRead;) {
    const rows = await tx.execute<{ id: string; event_id: string | null }>(
      sql.raw(`fetch ${rowsPerRead} from unmatched_acts`),
    );
    for (const { id, event_id: eventId } of rows) yield { id, eventId };
    read = rows.length;
  }
  await tx.execute(sql`close unmatched_acts`);
}
