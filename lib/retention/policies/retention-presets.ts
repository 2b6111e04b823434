import type { LegalBasis } from "@/lib/retention/policies/legal-bases";
import type { Period, TriggerKind, PolicyMatch, PolicyTerms } from "@/lib/retention/policies/policy-terms";
import messages from "@/lib/i18n/messages/pt-BR/policies.json" with { type: "json" };

type PresetUse = { isDefault: boolean; match: PolicyMatch; reviewOn: string };

/**
 * A starting point for a policy: retention period and reason of a sector. Names and texts are messages
 * (`policies.presets.items`).
 */
type RetentionPreset = {
  key: string;
  trigger: TriggerKind;
  minimum: Period | null;
  period: Period;
  waiting: Period | null;
  legalBasis: LegalBasis;
  /** How certain it is that the norm is in force as stated. Low: unconfirmed, check before use. */
  confidence: "high" | "medium" | "low";
};

const days = (value: number): Period => ({ value, unit: "day" });

const years = (value: number): Period => ({ value, unit: "year" });

/** Sectors with rules of their own regulator. */
const regulatedServicePresets = [
  // The period of Anatel's Resolution 765/2023 was not found: the longest of the older rules is used.
  fromCall("telecom", days(180), days(180), "art7_ii", "low"),
  fromCall("energy", days(90), days(180), "art7_ii", "low"),
  fromCall("airline", days(90), days(180), "art7_ii", "medium"),
  fromCall("health_plan", days(90), days(90), "art7_ii", "medium"),
  fromTrigger(
    "health_plan_complaint",
    "complaint",
    { minimum: years(5), period: years(5), waiting: days(90) },
    "art7_ii",
    "medium",
  ),
  fromCall("telehealth", years(20), years(20), "art11_ii_a", "high"),
] as const;

/** Banks, securities and insurance. */
const financePresets = [
  fromCall("bank_sac", days(90), years(5), "art7_ii", "high"),
  fromCall("bank_ombudsman", years(5), years(5), "art7_ii", "medium"),
  fromCall("securities_orders", years(5), years(5), "art7_ii", "high"),
  fromTrigger(
    "insurance",
    "contract_end",
    { minimum: years(5), period: years(5), waiting: years(10) },
    "art7_ii",
    "medium",
  ),
  fromCall("aml_evidence", years(5), years(10), "art7_ii", "medium"),
] as const;

/** Calls kept as evidence, for as long as a claim can be brought. */
const evidencePresets = [
  fromCall("contract_liability", null, years(10), "art7_vi", "medium"),
  fromCall("civil_reparation", null, years(3), "art7_vi", "high"),
  fromCall("tax_evidence", years(5), years(6), "art7_ii", "high"),
  fromCall("labour", null, years(5), "art7_vi", "high"),
] as const;

/** Customer service, with and without a duty to record. */
const customerServicePresets = [
  fromCall("sac_regulated", days(90), days(180), "art7_ii", "high"),
  fromCall("customer_service", null, days(180), "art7_ix", "high"),
  fromTrigger("complaint", "complaint", { minimum: null, period: years(5), waiting: days(180) }, "art7_vi", "high"),
  fromTrigger("phone_sale", "contract_end", { minimum: null, period: years(5), waiting: years(10) }, "art7_vi", "high"),
  fromTrigger(
    "debt_collection",
    "contract_end",
    { minimum: null, period: years(5), waiting: years(10) },
    "art7_x",
    "medium",
  ),
  fromCall("quality_sample", null, days(90), "art7_ix", "medium"),
] as const;

/** All presets, in the order of the interface and the documentation. */
export const retentionPresets = [
  ...customerServicePresets,
  ...regulatedServicePresets,
  ...financePresets,
  ...evidencePresets,
] as const;

export type PresetKey = (typeof retentionPresets)[number]["key"];

export const presetKeys = retentionPresets.map(({ key }) => key) as [PresetKey, ...PresetKey[]];

/** A preset whose periods count from the call. */
function fromCall<Key extends string>(
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

/** A preset whose periods count from a trigger that is reported later; until then `waiting` counts from the call. */
function fromTrigger<Key extends string>(
  key: Key,
  trigger: Exclude<TriggerKind, "call">,
  periods: Pick<RetentionPreset, "minimum" | "period" | "waiting">,
  legalBasis: LegalBasis,
  confidence: RetentionPreset["confidence"],
) {
  return { key, trigger, ...periods, legalBasis, confidence } as const satisfies RetentionPreset;
}

/** The terms of a policy created from a preset, with texts in the language of the norms. */
export function presetTerms(
  key: PresetKey,
  { isDefault, match, reviewOn }: PresetUse,
): PolicyTerms & { legalBasis: LegalBasis } {
  const { trigger, minimum, period, waiting, legalBasis } = retentionPresets.find((preset) => preset.key === key)!;
  const { name, source, description } = messages.presets.items[key];
  return {
    name,
    isDefault,
    match,
    trigger,
    minimum,
    period,
    waiting,
    legalBasis,
    source,
    reviewOn,
    justification: description,
    presetKey: key,
  };
}
