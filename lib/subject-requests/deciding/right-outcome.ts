import type { DecisionMeasure, processOutcomes } from "@/lib/db/schema/subject-request-words";
import type { RefusalCode } from "@/lib/subject-requests/refusals";
import { refusing } from "@/lib/subject-requests/deciding/measures";

/** What counts of a decision for the outcome of its right. */
export type DecidedItem = {
  /** Null: the right as a whole. */
  recordingId: string | null;
  measure: DecisionMeasure;
  ground: RefusalCode | null;
  keptUntil: string | null;
};

export type RightOutcome = { outcome: (typeof processOutcomes)[number]; scheduledFor: string | null };

/**
 * How a right ends, from what was decided. `scheduled`: all is granted, some of it later. `scheduledFor` is the last
 * day, inclusive, that something is kept before it is deleted; null when a hold without an end keeps some of it.
 */
export function rightOutcome(items: readonly DecidedItem[]): RightOutcome {
  const whole = items.find(({ recordingId }) => recordingId === null);
  if (whole) return { outcome: wholeOutcome(whole.ground), scheduledFor: null };
  const refused = items.filter(({ measure }) => refusing.includes(measure)).length;
  const later = items.filter(({ measure }) => measure === "delete_later");
  if (items.length === 0 || refused === items.length) return { outcome: "refused", scheduledFor: null };
  // Delivered with parts silenced, for a ground.
  const isPartly = items.some(({ measure, ground }) => measure === "deliver" && ground !== null);
  if (refused > 0 || isPartly) return { outcome: "partly_granted", scheduledFor: null };
  return later.length > 0
    ? { outcome: "scheduled", scheduledFor: lastDay(later) }
    : { outcome: "granted", scheduledFor: null };
}

function wholeOutcome(ground: RefusalCode | null): RightOutcome["outcome"] {
  if (ground === null) return "granted";
  return ground === "not_found" ? "not_found" : "refused";
}

function lastDay(later: readonly DecidedItem[]): string | null {
  const days = later.map(({ keptUntil }) => keptUntil);
  return days.includes(null) ? null : days.toSorted().at(-1)!;
}
