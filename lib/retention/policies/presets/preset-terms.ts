import messages from "@/lib/i18n/messages/pt-BR/policies.json";
import type { LegalBasis } from "@/lib/retention/policies/legal-bases";
import type { PolicyMatch, PolicyTerms } from "@/lib/retention/policies/policy-terms";
import { retentionPresets, type PresetKey } from "@/lib/retention/policies/presets/retention-presets";

export type PresetUse = { isDefault: boolean; match: PolicyMatch; reviewOn: string };

/** The terms of a policy that begins with a preset, its texts in the language of the norms. */
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
