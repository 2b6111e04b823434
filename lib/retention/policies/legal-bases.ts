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
