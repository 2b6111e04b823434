import type { LegalBasis } from "@/lib/retention/policies/legal-bases";
import type { Period, TriggerKind } from "@/lib/retention/policies/policy-terms";

/** What a sector keeps and why, as a policy can begin with. Names and texts are messages (`policies.presets.items`). */
export type RetentionPreset = {
  key: string;
  trigger: TriggerKind;
  minimum: Period | null;
  period: Period;
  waiting: Period | null;
  legalBasis: LegalBasis;
  /** How sure it is that the norm says so today. Low: unconfirmed, to be checked before use. */
  confidence: "high" | "medium" | "low";
};

export const days = (value: number): Period => ({ value, unit: "day" });
export const years = (value: number): Period => ({ value, unit: "year" });

/** A preset whose periods count from the call. */
export function fromCall<Key extends string>(
  key: Key,
  minimum: Period | null,
  period: Period,
  legalBasis: LegalBasis,
  confidence: RetentionPreset["confidence"],
) {
  return {
    key,
    trigger: "call",
    minimum,
    period,
    waiting: null,
    legalBasis,
    confidence,
  } as const satisfies RetentionPreset;
}

/** A preset whose periods count from something that is reported later; `waiting` counts from the call until then. */
export function fromTrigger<Key extends string>(
  key: Key,
  trigger: Exclude<TriggerKind, "call">,
  periods: Pick<RetentionPreset, "minimum" | "period" | "waiting">,
  legalBasis: LegalBasis,
  confidence: RetentionPreset["confidence"],
) {
  return { key, trigger, ...periods, legalBasis, confidence } as const satisfies RetentionPreset;
}
