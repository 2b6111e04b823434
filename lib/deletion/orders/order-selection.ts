import { z } from "zod";
import { calendarDay } from "@/lib/core/time";

/** States that a deletion order may select: stored recordings, and the database rows of rejected uploads. */
export const orderStates = ["stored", "rejected"] as const;

/** Recordings that an order names by their ids. */
export const mostNamed = 1000;

const optionalChoice = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema.optional());

/**
 * What a deletion order selects: recordings that meet all of these conditions. At least one is required, so that an
 * empty form does not select everything. `before` is a calendar day in the controller's zone; calls of that day stay.
 */
export const orderSelection = z
  .object({
    before: optionalChoice(calendarDay),
    unitId: optionalChoice(z.uuid()),
    queueId: optionalChoice(z.uuid()),
    recordingIds: z.array(z.uuid()).max(mostNamed).optional(),
    /** With `recordingIds`: also the others of their calls. What is left of such a call is refused from then on. */
    wholeCalls: optionalChoice(z.union([z.literal("yes"), z.boolean()]).transform((value) => value !== false)),
    state: z.enum(orderStates).default("stored"),
  })
  .refine(({ before, unitId, queueId, recordingIds }) => before ?? unitId ?? queueId ?? recordingIds?.length, {
    path: ["before"],
    message: "choose_something",
  });

export type OrderSelection = z.output<typeof orderSelection>;
