import { customerServicePresets } from "@/lib/retention/presets/customer-service";
import { evidencePresets } from "@/lib/retention/presets/evidence";
import { financePresets } from "@/lib/retention/presets/finance";
import { regulatedServicePresets } from "@/lib/retention/presets/regulated-services";

/** All presets, in the order in which they are offered and documented. */
export const retentionPresets = [
  ...customerServicePresets,
  ...regulatedServicePresets,
  ...financePresets,
  ...evidencePresets,
] as const;

export type PresetKey = (typeof retentionPresets)[number]["key"];

export const presetKeys = retentionPresets.map(({ key }) => key) as [PresetKey, ...PresetKey[]];
