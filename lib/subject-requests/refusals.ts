/**
 * Why a right is refused, wholly or in part, with the norm. `legal_hold` is no case of Art. 16: processing has not
 * ended, because rights are exercised in proceedings.
 */
export const refusals = {
  legal_obligation: { article: "LGPD, art. 7º, II; art. 16, I" },
  exercise_of_rights: { article: "LGPD, art. 7º, VI; art. 11, II, d" },
  contract_performance: { article: "LGPD, art. 7º, V" },
  credit_protection: { article: "LGPD, art. 7º, X" },
  not_on_consent: { article: "LGPD, art. 18, VI" },
  legal_hold: { article: "LGPD, art. 7º, VI; art. 11, II, d" },
  not_the_agent: { article: "LGPD, art. 18, § 4º, I" },
  identity_not_proved: { article: "LGPD, art. 18, § 3º; art. 6º, VII" },
  no_mandate: { article: "LGPD, art. 18, § 3º" },
  not_found: { article: "LGPD, art. 19, II" },
  trade_secret: { article: "LGPD, art. 19, II" },
  third_party_rights: { article: "LGPD, art. 18, § 4º, II" },
  already_answered: { article: "LGPD, art. 18, § 4º, II" },
  anonymised: { article: "LGPD, art. 12; art. 18, § 7º" },
} as const satisfies Record<string, { article: string }>;

export type RefusalCode = keyof typeof refusals;

export const refusalCodes = Object.keys(refusals) as [RefusalCode, ...RefusalCode[]];
