import { useTranslations } from "next-intl";
import type { Owner } from "@/components/legal-holds/hold-fields";
import { ActiveFilters, type ActiveFilter } from "@/components/table/active-filters";
import { FilterBar } from "@/components/table/filter-bar";
import { ChoiceField } from "@/components/ui/choice-field";
import type { HoldState } from "@/lib/legal-holds/list-holds";

export type HoldFilters = { state?: HoldState; ownerId?: string };

const states = ["in_force", "review_due", "release_requested", "released"] as const;

/** State and owner: filters that live in the address. */
export function HoldFilterBar({
  filters: { state, ownerId },
  owners,
}: {
  filters: HoldFilters;
  owners: readonly Owner[];
}) {
  const t = useTranslations("holds");
  const any = useTranslations("common")("all");
  const chips: (ActiveFilter | false)[] = [
    state !== undefined && { parameters: ["state"], label: t("columns.state"), value: t(`states.${state}`) },
    ownerId !== undefined && {
      parameters: ["ownerId"],
      label: t("columns.owner"),
      value: owners.find(({ id }) => id === ownerId)?.name ?? t("list.anotherOwner"),
    },
  ];
  return (
    <div className="grid gap-3">
      {/* A new address brings new defaults. */}
      <FilterBar key={[state, ownerId].join()} action="/retention/holds">
        <ChoiceField
          id="filter-state"
          name="state"
          label={t("columns.state")}
          any={any}
          value={state}
          options={states.map((value) => ({ value, label: t(`states.${value}`) }))}
        />
        <ChoiceField
          id="filter-ownerId"
          name="ownerId"
          label={t("columns.owner")}
          any={any}
          value={ownerId}
          options={owners.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </FilterBar>
      <ActiveFilters filters={chips.filter((chip) => chip !== false)} />
    </div>
  );
}
