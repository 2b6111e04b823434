import { useTranslations } from "next-intl";
import { ActiveFilters, type ActiveFilter } from "@/components/table/active-filters";
import { FilterBar } from "@/components/table/filter-bar";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { DriftKind } from "@/lib/drift/found-drift";
import type { FindingState } from "@/lib/drift/list-drift-findings";

export type FindingFilterBarProps = { filters: { kind?: DriftKind; state?: FindingState }; kinds: readonly DriftKind[]; states: readonly FindingState[] };

/** Kind and state: filters that live in the address. */
export function FindingFilterBar({ filters: { kind, state }, kinds, states }: FindingFilterBarProps) {
  const t = useTranslations("drift");
  const all = useTranslations("common")("all");
  const chips: (ActiveFilter | false)[] = [
    kind !== undefined && { parameters: ["kind"], label: t("filters.kind"), value: t(`kinds.${kind}`) },
    state !== undefined && { parameters: ["state"], label: t("filters.state"), value: t(`states.${state}`) },
  ];
  return (
    <div className="grid gap-3">
      {/* A new address brings new defaults. */}
      <FilterBar key={[kind, state].join()} action="/retention/drift">
        <Choice name="kind" label={t("filters.kind")} all={all} value={kind} options={kinds.map((value) => [value, t(`kinds.${value}`)])} />
        <Choice name="state" label={t("filters.state")} all={t("filters.unresolved")} value={state} options={states.map((value) => [value, t(`states.${value}`)])} />
      </FilterBar>
      <ActiveFilters filters={chips.filter((chip) => chip !== false)} />
    </div>
  );
}

type ChoiceProps = { name: string; label: string; all: string; value: string | undefined; options: [value: string, label: string][] };

function Choice({ name, label, all, value, options }: ChoiceProps) {
  return (
    <Field id={`filter-${name}`} label={label}>
      <Select name={name} defaultValue={value ?? ""}>
        <option value="">{all}</option>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </Select>
    </Field>
  );
}
