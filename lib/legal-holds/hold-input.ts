import { severalLines, singleLine } from "@/lib/core/text-input";
import { z } from "zod";
import { calendarDay, today } from "@/lib/core/time";
import { findsCandidates } from "@/lib/recordings/recording-conditions";
import { recordingFilters } from "@/lib/recordings/recording-filters";

/** The facts of a hold. Matter and reason may name people: they are kept in its row and never in the log. */
export const holdTextInput = {
  matter: singleLine(200),
  reason: severalLines(2000),
  ownerId: z.uuid(),
  /** The day of the next review: today or later. */
  reviewOn: calendarDay.refine((day) => day >= today(), "past"),
};

const something = recordingFilters
  .refine(
    ({ numberMatch: _, ...filters }) => Object.values(filters).some((value) => value !== undefined),
    "choose_something",
  )
  // Nobody has confirmed that candidates are of this number. Chosen one by one they can be held.
  .refine((filters) => !findsCandidates(filters), "candidates");

/**
 * Recordings chosen one by one, or all that the filters of the list match at that moment, each with the others of its
 * call; `onlyThese` leaves those out. An empty form is refused: it must not select everything.
 */
export const holdSelection = z.union([
  z.strictObject({ recordingIds: z.array(z.uuid()).min(1).max(1000), onlyThese: z.boolean().optional() }),
  z.strictObject({ filters: something }),
]);

export type HoldSelection = z.output<typeof holdSelection>;

/** What is added to a hold: a selection, or the calls of the recordings that are under it without their whole calls. */
export const holdExtension = z.union([holdSelection, z.strictObject({ wholeCalls: z.literal(true) })]);

export type HoldExtension = z.output<typeof holdExtension>;
