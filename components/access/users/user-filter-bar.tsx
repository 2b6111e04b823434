import { useTranslations } from "next-intl";
import { ActiveFilters, type ActiveFilter } from "@/components/table/active-filters";
import { FilterBar } from "@/components/table/filter-bar";
import { ChoiceField } from "@/components/ui/choice-field";
import type { UnitOption } from "@/components/access/users/unit-choice";
import type { Role } from "@/lib/operation/actor";

export type UserFilterBarProps = {
  filters: { role?: Role; active?: boolean; unitId?: string };
  units: readonly UnitOption[];
  roles: readonly Role[];
};

/** Role, state and unit: filters that live in the address. */
export function UserFilterBar({ filters: { role, active, unitId }, units, roles }: UserFilterBarProps) {
  const t = useTranslations("users");
  const all = useTranslations("common")("all");
  const roleName = useTranslations("shell.roles");
  const state = active === undefined ? undefined : active ? "active" : "inactive";
  const unitName = units.find(({ id }) => id === unitId)?.name;
  const chips: (ActiveFilter | false)[] = [
    role !== undefined && { parameters: ["role"], label: t("filters.role"), value: roleName(role) },
    state !== undefined && { parameters: ["state"], label: t("filters.state"), value: t(`states.${state}`) },
    unitName !== undefined && { parameters: ["unit"], label: t("filters.unit"), value: unitName },
  ];
  return (
    <div className="grid gap-3">
      {/* A new address brings new defaults. */}
      <FilterBar key={[role, state, unitId].join()} action="/users">
        <ChoiceField
          id="filter-role"
          name="role"
          label={t("filters.role")}
          any={all}
          value={role}
          options={roles.map((value) => ({ value, label: roleName(value) }))}
        />
        <ChoiceField
          id="filter-state"
          name="state"
          label={t("filters.state")}
          any={all}
          value={state}
          options={(["active", "inactive"] as const).map((value) => ({ value, label: t(`states.${value}`) }))}
        />
        <ChoiceField
          id="filter-unit"
          name="unit"
          label={t("filters.unit")}
          any={all}
          value={unitId}
          options={units.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </FilterBar>
      <ActiveFilters filters={chips.filter((chip) => chip !== false)} />
    </div>
  );
}
