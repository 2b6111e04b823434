import { and, sql, type SQL } from "drizzle-orm";
import { recordings } from "@/lib/db/schema/recordings";
import { isHeld } from "@/lib/recordings/may-be-deleted";

/** Which recording of a call a list shows: the first by start, or the longest in a list by duration. */
export type CallOrder = "startedAt" | "duration";

const { source, sourceCallId, state, startedAt, durationMs, id } = recordings;

/** Refused uploads come last: such a row shows a call only if nothing else of it matches. */
const isRefused = sql`(${state} = 'rejected')`;
const rankOf = (order: CallOrder) => (order === "startedAt" ? sql`${startedAt}` : sql`-coalesce(${durationMs}, 0)`);

/**
 * True for one recording of each call: among those that `matching` finds, the one that shows the call in a list.
 * @param matching conditions over `recordings`, with the scope of the reader: what others see must not decide it.
 */
export function showsCall(matching: readonly (SQL | undefined)[], order: CallOrder): SQL {
  const rank = rankOf(order);
  // Inside the inner select `recordings` is its own; outside of it, the row of the list.
  const others = sql`(select ${source} as of_source, ${sourceCallId} as of_call, ${isRefused} as is_refused,
    ${rank} as rank, ${id} as other_id from ${recordings} where ${and(...matching) ?? sql`true`}) as other`;
  return sql`not exists (select from ${others} where other.of_source = ${source} and other.of_call = ${sourceCallId}
    and (other.is_refused, other.rank, other.other_id) < (${isRefused}, ${rank}, ${id}))`;
}

/** What a reader may see of a row's call, without refused uploads. `durationMs` is null if none is known. */
export type CallTotals = { recordings: number; durationMs: number | null; isHeld: boolean };

/** Counts the recordings of a row's call within the scope of the reader: one index scan for each row. */
export function callTotals(scope: SQL) {
  const parts = sql`(select ${source} as of_source, ${sourceCallId} as of_call, ${durationMs} as ms, ${isHeld()} as held
    from ${recordings} where ${scope} and not ${isRefused}) as part`;
  return sql<CallTotals>`(select json_build_object('recordings', count(*), 'durationMs', sum(part.ms),
    'isHeld', coalesce(bool_or(part.held), false)) from ${parts}
    where part.of_source = ${source} and part.of_call = ${sourceCallId})`;
}

/** The recordings of calls of which `matching` finds one. `matching` must include the scope of the reader. */
export function ofCallsWith(matching: SQL): SQL {
  return sql`(${source}, ${sourceCallId}) in (select ${source}, ${sourceCallId} from ${recordings} where ${matching})`;
}
