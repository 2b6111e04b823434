import { useTranslations } from "next-intl";
import { ActiveFilters, type ActiveFilter } from "@/components/table/active-filters";
import { FilterBar } from "@/components/table/filter-bar";
import { ChoiceField } from "@/components/ui/choice-field";
import type { JobKind } from "@/lib/jobs/job-kinds";
import type { JobState } from "@/lib/jobs/list-jobs";

export type JobFilterBarProps = {
  filters: { state?: JobState; kind?: JobKind };
  states: readonly JobState[];
  kinds: readonly JobKind[];
};

/** State and kind: filters that live in the address. */
export function JobFilterBar({ filters: { state, kind }, states, kinds }: JobFilterBarProps) {
  const t = useTranslations("jobs");
  const all = useTranslations("common")("all");
  const chips: (ActiveFilter | false)[] = [
    state !== undefined && { parameters: ["state"], label: t("filters.state"), value: t(`states.${state}`) },
    kind !== undefined && { parameters: ["kind"], label: t("filters.kind"), value: t(`kinds.${kind}`) },
  ];
  return (
    <div className="grid gap-3">
      {/* A new address brings new defaults. */}
      <FilterBar key={[state, kind].join()} action="/settings/jobs">
        <ChoiceField
          id="filter-state"
          name="state"
          label={t("filters.state")}
          any={all}
          value={state}
          options={states.map((value) => ({ value, label: t(`states.${value}`) }))}
        />
        <ChoiceField
          id="filter-kind"
          name="kind"
          label={t("filters.kind")}
          any={all}
          value={kind}
          options={kinds.map((value) => ({ value, label: t(`kinds.${value}`) }))}
        />
      </FilterBar>
      <ActiveFilters filters={chips.filter((chip) => chip !== false)} />
    </div>
  );
}
