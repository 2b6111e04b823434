import { z } from "zod";
import { calendarDay, today } from "@/lib/core/time";

const text = (longest: number) => z.string().trim().min(1).max(longest);

/** What a hold says of itself. Matter and reason may name people: they stay in its row and out of the log. */
export const holdTextInput = {
  matter: text(200),
  reason: text(2000),
  ownerId: z.uuid(),
  /** The day by which somebody must look again: today or later. */
  reviewOn: calendarDay.refine((day) => day >= today(), "past"),
};
