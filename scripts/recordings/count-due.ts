import { callPortal, withRetries, type PortalClient } from "@/scripts/recordings/portal-client";
import type { ManifestEntry, ManifestProblem } from "@/scripts/recordings/read-manifest";

/** What is past its retention before it is sent, by policy, and what would begin in the future. */
export type DueCounts = { due: Map<string, number>; future: number };

type Arrival = Record<"unit" | "direction" | "startedAt", string> & {
  queue: string | null;
  callKind: string | null;
  recordings: number;
};

const perRequest = 100;
/** The portal takes no longer code; it refuses such a recording later, alone. */
const longestCode = 100;
const attempts = 6;
/** The zones of today differ from UTC by multiples of this, so that all calls of one have the same local day. */
const quarterMs = 15 * 60_000;

/**
 * Asks the portal how many recordings would be past their retention on arrival. Only places, kinds and times of calls
 * are sent, those of a quarter of an hour together. Recordings with a doubtful date are in no count: they are kept.
 */
export async function countDue(
  client: PortalClient,
  entries: AsyncIterable<ManifestEntry | ManifestProblem>,
): Promise<DueCounts> {
  const counts: DueCounts = { due: new Map(), future: 0 };
  let waiting = new Map<string, Arrival>();
  const ask = async () => {
    const arrivals = [...waiting.values()];
    waiting = new Map();
    const answer = await withRetries(attempts, () =>
      callPortal<{ due: { policy: string; recordings: number }[]; future: number }>(client, "/api/recordings/due", {
        arrivals,
      }),
    );
    for (const { policy, recordings } of answer.due) counts.due.set(policy, (counts.due.get(policy) ?? 0) + recordings);
    counts.future += answer.future;
  };
  for await (const entry of entries) {
    if ("problem" in entry || entry.metadata.doubtfulDate) continue;
    const { unit, queue = null, direction, callKind = null } = entry.metadata;
    const quarter = Math.floor(Date.parse(entry.metadata.startedAt) / quarterMs) * quarterMs;
    const facts = {
      unit: unit.slice(0, longestCode),
      queue: queue?.slice(0, longestCode) ?? null,
      direction,
      callKind: callKind?.slice(0, longestCode) ?? null,
      startedAt: new Date(quarter).toISOString(),
    };
    const key = JSON.stringify(facts);
    const known = waiting.get(key);
    if (known) known.recordings += 1;
    else waiting.set(key, { ...facts, recordings: 1 });
    if (waiting.size === perRequest) await ask();
  }
  if (waiting.size > 0) await ask();
  return counts;
}

/** Says how many are due at once and under which policy; null if none is. */
export function describeDue({ due, future }: DueCounts): string | null {
  const total = [...due.values()].reduce((sum, recordings) => sum + recordings, 0);
  const lines = [...due].map(([policy, recordings]) => `  ${recordings} under the policy "${policy}"`);
  const said = [
    ...(total > 0 ? [`${total} recordings are past their retention and would be deleted at once:`, ...lines] : []),
    ...(future > 0 ? [`${future} recordings would begin in the future: they are kept with a doubtful date.`] : []),
  ];
  return said.length > 0 ? said.join("\n") : null;
}
