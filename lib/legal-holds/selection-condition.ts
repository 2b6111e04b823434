import { and, eq, inArray, sql, type SQL } from "drizzle-orm";
import type { Actor } from "@/lib/operation/actor";
import { recordings } from "@/lib/db/schema/recordings";
import type { HoldSelection } from "@/lib/legal-holds/hold-input";
import { ofCallsWith } from "@/lib/recordings/call-rows";
import { recordingConditions } from "@/lib/recordings/recording-conditions";
import type { RecordingFilters } from "@/lib/recordings/recording-filters";
import { recordingScope } from "@/lib/recordings/recording-scope";
import { idList } from "@/lib/db/id-list";
import { AppError } from "@/lib/core/errors";
import { isAllowed } from "@/lib/operation/permissions";
import { canBeStopped } from "@/lib/deletion/stop-deletions";

/** The units that a person's search reaches: those of a supervisor, or null for all. */
export function unitsOf(actor: Actor): string[] | null {
  return actor.type === "user" && actor.role === "supervisor" ? [...actor.unitIds] : null;
}

/**
 * The calls of which a search matches a recording in these units, as far as they are in these units. In any state:
 * what is too late for a hold must be counted; and quarantined ones too, of which a list shows none.
 */
export function searchCondition(
  { state: _state, unitId, quarantined = "any", ...filters }: RecordingFilters,
  unitIds: readonly string[] | null,
): SQL {
  const inUnits =
    unitIds === null ? sql`true` : unitIds.length === 0 ? sql`false` : inArray(recordings.unitId, [...unitIds]);
  const inUnit = unitId ? eq(recordings.unitId, unitId) : undefined;
  return and(
    inUnits,
    ofCallsWith(and(inUnits, inUnit, ...recordingConditions({ ...filters, quarantined }, inUnits))!),
  )!;
}

/** What a selection of this person matches now: whole calls, unless only the chosen recordings are wanted. */
export function selectionCondition(selection: HoldSelection, actor: Actor): SQL {
  const scope = recordingScope(actor);
  if ("filters" in selection && selection.filters.quarantined && !isAllowed(actor, "recording:read-quarantined"))
    throw new AppError("forbidden");
  if ("filters" in selection) return and(scope, searchCondition(selection.filters, unitsOf(actor)))!;
  const chosen = and(scope, sql`${recordings.id} = any(${idList(selection.recordingIds)})`)!;
  return selection.onlyThese ? chosen : and(scope, ofCallsWith(chosen))!;
}

type State = (typeof recordings.$inferSelect)["state"];

/**
 * Recordings that a hold can keep: stored, being uploaded, or marked for deletion while nothing is erased. The hold
 * brings these back.
 * @param wanted the state that the search asked for. What is brought back counts as stored, too.
 */
export function canBeHeld(wanted?: State): SQL {
  const states = (["stored", "pending"] as const).filter((state) => wanted === undefined || state === wanted);
  const isMarked = wanted === undefined || wanted === "stored" || wanted === "deleting" ? canBeStopped() : sql`false`;
  return sql`(${states.length === 0 ? sql`false` : inArray(recordings.state, states)} or ${isMarked})`;
}

/** No hold brings it back: its erasure has begun, or it was never stored. */
export function isGone(): SQL {
  return sql`(${recordings.state} in ('deleting', 'deleted') and not ${canBeStopped()})`;
}
