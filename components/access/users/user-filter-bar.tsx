import { useTranslations } from "next-intl";
import type { UnitOption } from "@/components/access/users/unit-choice";
import { ChoiceFilterBar } from "@/components/table/choice-filter-bar";
import type { Role } from "@/lib/operation/actor";

export type UserFilterBarProps = {
  filters: { role?: Role; active?: boolean; unitId?: string };
  units: readonly UnitOption[];
  roles: readonly Role[];
};

/** Role, state and unit: filters that live in the address. */
export function UserFilterBar({ filters: { role, active, unitId }, units, roles }: UserFilterBarProps) {
  const t = useTranslations("users");
  const roleName = useTranslations("shell.roles");
  const byRole = {
    ...{ name: "role", label: t("filters.role"), value: role },
    options: roles.map((value) => ({ value, label: roleName(value) })),
  };
  const byState = {
    ...{ name: "state", label: t("filters.state") },
    value: active === undefined ? undefined : active ? "active" : "inactive",
    options: (["active", "inactive"] as const).map((value) => ({ value, label: t(`states.${value}`) })),
  };
  const byUnit = {
    ...{ name: "unit", label: t("filters.unit"), value: unitId },
    options: units.map(({ id, name }) => ({ value: id, label: name })),
  };
  return <ChoiceFilterBar action="/users" filters={[byRole, byState, byUnit]} />;
}
