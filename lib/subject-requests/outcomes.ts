import { z } from "zod";
import { calendarDay } from "@/lib/core/time";

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

/** A ground of refusal with the fact it rests on, which the DPO writes (LGPD Art. 18, § 4, II). May name people. */
const refusal = z.strictObject({ code: z.enum(refusalCodes), fact: z.string().trim().min(10).max(2000) });

const grounds = z.array(refusal).min(1).max(refusalCodes.length).refine(hasNoneTwice, "repeated");

/** How one right ends. Only a right that is wholly granted needs no ground. */
export const outcomeInput = z.discriminatedUnion("outcome", [
  z.strictObject({ outcome: z.literal("granted") }),
  z.strictObject({ outcome: z.literal("partly_granted"), grounds }),
  z.strictObject({ outcome: z.literal("refused"), grounds }),
  z.strictObject({ outcome: z.literal("not_found"), grounds: grounds.refine(saysNotFound, "not_found_alone") }),
  /** Kept until a day, inclusive, by what the grounds say; then it is done under the same request. */
  z.strictObject({ outcome: z.literal("scheduled"), grounds, scheduledFor: calendarDay }),
]);

export type ProcessOutcome = z.output<typeof outcomeInput>;

type Ground = z.output<typeof refusal>;

function hasNoneTwice(list: readonly Ground[]): boolean {
  return new Set(list.map(({ code }) => code)).size === list.length;
}

function saysNotFound(list: readonly Ground[]): boolean {
  return list.every(({ code }) => code === "not_found");
}
