import { z } from "zod";

/** Days that a policy may have: one day to a hundred years, as the database also says. */
export const daysInput = z.coerce.number().int().min(1).max(36_525);

export const policyTextInput = {
  name: z.string().trim().min(1).max(120),
  /** Legal ground or internal rule, in the controller's words. */
  justification: z.string().trim().min(1).max(2000),
};

/** How many recordings due at once the person was shown and agreed to. */
export const acknowledgedDueInput = z.coerce.number().int().min(0);

/** Null is said, never meant by leaving it out: the default policy is not made because somebody forgot to choose. */
export const optionalId = z.uuid().nullable();
