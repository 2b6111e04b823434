import { z } from "zod";

/** Codes to telephones cost money, and anyone may ask for one on the public page. */
export const publicRequestSettings = {
  /** Codes by SMS and call on one calendar day; 0 sends none. */
  PUBLIC_CODES_PER_DAY: z.coerce.number().int().min(0).max(1_000_000).default(200),
  /** Country codes of telephones to which codes go: "55,351". */
  PUBLIC_CODE_COUNTRIES: z
    .string()
    .regex(/^[1-9]\d{0,2}(,[1-9]\d{0,2})*$/, "is not a list of country codes")
    .default("55")
    .transform((text) => text.split(",")),
  /** Days for which audio that was prepared for a request is kept, counted from the day after. */
  SUBJECT_AUDIO_DAYS: z.coerce.number().int().min(1).max(365).default(90),
  /** Days for which an answer can be collected on the public page, the last one included. */
  SUBJECT_REQUEST_COLLECTION_DAYS: z.coerce.number().int().min(1).max(365).default(30),
};
