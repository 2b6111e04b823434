import type { Answer } from "@/lib/recordings/handling/call-handling";

/** The legal bases of the LGPD: Art. 7 for ordinary data, Art. 11 for sensitive data. Two separate lists. */
export const legalBases = [
  "art7_i",
  "art7_ii",
  "art7_iii",
  "art7_iv",
  "art7_v",
  "art7_vi",
  "art7_vii",
  "art7_viii",
  "art7_ix",
  "art7_x",
  "art11_i",
  "art11_ii_a",
  "art11_ii_b",
  "art11_ii_c",
  "art11_ii_d",
  "art11_ii_e",
  "art11_ii_f",
  "art11_ii_g",
] as const;

export type LegalBasis = (typeof legalBases)[number];

/**
 * The bases to offer for recordings: where sensitive data is said, only those of Art. 11. Its caput allows to process
 * sensitive data in its own cases alone (LGPD Art. 11, I and II).
 */
export const offeredBases = (sensitiveContent: Answer): readonly LegalBasis[] =>
  sensitiveContent === "yes" ? legalBases.filter((basis) => basis.startsWith("art11_")) : legalBases;

/** Whether a basis may be that of recordings. Policies older than the field have none. */
export const isOffered = (basis: string | null, sensitiveContent: Answer): boolean =>
  basis === null || offeredBases(sensitiveContent).some((offered) => offered === basis);
