import { z } from "zod";

/** How long requests of data subjects are kept. They are personal data, too. */
export const requestRetentionSettings = {
  /** From closure. Then a request is emptied: what stays are states, dates and counts. */
  SUBJECT_REQUEST_YEARS: z.coerce.number().int().min(1).max(30).default(5),
  /** The norm or reason of that period, in the words of the company. */
  SUBJECT_REQUEST_YEARS_SOURCE: z
    .string()
    .trim()
    .min(5)
    .max(300)
    .default("Lei 9.873/1999, art. 1º: a ação punitiva da Administração prescreve em cinco anos"),
  /** From receipt: requests of the public form that nobody proved are then withdrawn and emptied. */
  UNPROVEN_REQUEST_DAYS: z.coerce.number().int().min(15).max(365).default(30),
};
