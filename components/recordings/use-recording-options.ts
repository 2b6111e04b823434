import { useTranslations } from "next-intl";
import type { Option } from "@/components/ui/choice-field";

export type RecordingFacets = {
  units: { id: string; name: string }[];
  queues: { id: string; code: string; unit: string }[];
  agents: { id: string; code: string; unit: string }[];
  policies: { id: string; name: string }[];
};

const directions = ["inbound", "outbound", "internal"] as const;
const numberKinds = ["number", "withheld", "not_a_number", "not_understood"] as const;
const answers = ["yes", "no", "unknown"] as const;
const cardDataHandlings = ["paused", "masked", "none", "unknown"] as const;
const taxIdKinds = ["cpf", "cnpj", "not_understood"] as const;
const yesOrNo = ["no", "yes"] as const;
const states = ["stored", "pending", "rejected", "deleting", "deleted"] as const;

/** Returns the options of the filters of recordings, with readable labels. */
export function useRecordingOptions(facets: RecordingFacets) {
  const t = useTranslations("recordings");
  const severalUnits = facets.units.length > 1;
  const byCode = ({ id, code, unit }: RecordingFacets["queues"][number]): Option => ({
    value: id,
    label: severalUnits ? `${code} · ${unit}` : code,
  });
  return {
    unitId: facets.units.map(({ id, name }): Option => ({ value: id, label: name })),
    queueId: facets.queues.map(byCode),
    agentId: facets.agents.map(byCode),
    direction: directions.map((value): Option => ({ value, label: t(`directions.${value}`) })),
    state: states.map((value): Option => ({ value, label: t(`states.${value}`) })),
    policyId: facets.policies.map(({ id, name }): Option => ({ value: id, label: name })),
    numberKind: numberKinds.map((value): Option => ({ value, label: t(`numberKinds.${value}`) })),
    taxIdKind: taxIdKinds.map((value): Option => ({ value, label: t(`taxIdKinds.${value}`) })),
    announcementPlayed: answers.map((value): Option => ({ value, label: t(`handling.answers.${value}`) })),
    sensitiveContent: answers.map((value): Option => ({ value, label: t(`handling.answers.${value}`) })),
    cardDataHandling: cardDataHandlings.map((value): Option => ({
      value,
      label: t(`handling.cardDataHandlings.${value}`),
    })),
    quarantined: (["yes", "any"] as const).map((value): Option => ({ value, label: t(`quarantine.filter.${value}`) })),
    held: yesOrNo.map((value): Option => ({ value, label: t(`filters.heldValues.${value}`) })),
    blocked: yesOrNo.map((value): Option => ({ value, label: t(`filters.blockedValues.${value}`) })),
    doubtfulDate: yesOrNo.map((value): Option => ({ value, label: t(`filters.doubtfulDateValues.${value}`) })),
  };
}
