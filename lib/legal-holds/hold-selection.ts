import { z } from "zod";
import { recordingFilters } from "@/lib/recordings/recording-filters";

/** What goes under a hold: recordings chosen one by one, or all that the filters of the list match at that moment. */
export const holdSelection = z.union([
  z.strictObject({ recordingIds: z.array(z.uuid()).min(1).max(1000) }),
  z.strictObject({ filters: recordingFilters }),
]);

export type HoldSelection = z.output<typeof holdSelection>;
