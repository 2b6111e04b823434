import { useTranslations } from "next-intl";
import { ActiveFilters, type ActiveFilter } from "@/components/table/active-filters";
import { FilterBar } from "@/components/table/filter-bar";
import { ChoiceField } from "@/components/ui/choice-field";
import type { DiscrepancyKind } from "@/lib/store-scan/found-discrepancy";
import type { FindingState } from "@/lib/store-scan/list-findings";

export type FindingFilterBarProps = {
  filters: { kind?: DiscrepancyKind; state?: FindingState };
  kinds: readonly DiscrepancyKind[];
  states: readonly FindingState[];
};

/** Kind and state: filters that live in the address. */
export function FindingFilterBar({ filters: { kind, state }, kinds, states }: FindingFilterBarProps) {
  const t = useTranslations("storeScan");
  const all = useTranslations("common")("all");
  const chips: (ActiveFilter | false)[] = [
    kind !== undefined && { parameters: ["kind"], label: t("filters.kind"), value: t(`kinds.${kind}`) },
    state !== undefined && { parameters: ["state"], label: t("filters.state"), value: t(`states.${state}`) },
  ];
  return (
    <div className="grid gap-3">
      {/* A new address brings new defaults. */}
      <FilterBar key={[kind, state].join()} action="/retention/store-scan">
        <ChoiceField
          id="filter-kind"
          name="kind"
          label={t("filters.kind")}
          any={all}
          value={kind}
          options={kinds.map((value) => ({ value, label: t(`kinds.${value}`) }))}
        />
        <ChoiceField
          id="filter-state"
          name="state"
          label={t("filters.state")}
          any={t("filters.unresolved")}
          value={state}
          options={states.map((value) => ({ value, label: t(`states.${value}`) }))}
        />
      </FilterBar>
      <ActiveFilters filters={chips.filter((chip) => chip !== false)} />
    </div>
  );
}
