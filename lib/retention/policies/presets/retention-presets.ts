import { customerServicePresets } from "@/lib/retention/policies/presets/customer-service";
import { evidencePresets } from "@/lib/retention/policies/presets/evidence";
import { financePresets } from "@/lib/retention/policies/presets/finance";
import { regulatedServicePresets } from "@/lib/retention/policies/presets/regulated-services";

/** All presets, in the order in which they are offered and documented. */
export const retentionPresets = [
  ...customerServicePresets,
  ...regulatedServicePresets,
  ...financePresets,
  ...evidencePresets,
] as const;

export type PresetKey = (typeof retentionPresets)[number]["key"];

export const presetKeys = retentionPresets.map(({ key }) => key) as [PresetKey, ...PresetKey[]];
