import { z } from "zod";
import { recordingFilters } from "@/lib/recordings/recording-filters";

const something = recordingFilters.refine(
  (filters) => Object.values(filters).some((value) => value !== undefined),
  "choose_something",
);

/**
 * What goes under a hold: recordings chosen one by one, or all that the filters of the list match at that moment. Something must be
 * said: a form that was sent empty selects nothing, never everything.
 */
export const holdSelection = z.union([
  z.strictObject({ recordingIds: z.array(z.uuid()).min(1).max(1000) }),
  z.strictObject({ filters: something }),
]);

export type HoldSelection = z.output<typeof holdSelection>;
