"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { UnitChoice, type UnitOption } from "@/components/access/users/unit-choice";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { Role } from "@/lib/operation/actor";

export type RoleAndUnitsProps = {
  role: Role;
  /** Roles to choose from. */
  roles: readonly Role[];
  unitIds: readonly string[];
  units: readonly UnitOption[];
  problem: (path: string) => string | undefined;
  disabled?: boolean;
};

/** Chooses the role, described in one line, and the units of a supervisor. */
export function RoleAndUnits({ role: roleAtFirst, roles, unitIds, units, problem, disabled }: RoleAndUnitsProps) {
  const t = useTranslations("users");
  const roleName = useTranslations("shell.roles");
  const [role, setRole] = useState(roleAtFirst);
  return (
    <>
      <Field id="role" label={t("form.role")} hint={t(`roleHints.${role}`)} error={problem("role")}>
        <RoleSelect role={role} roles={roles} onChoose={setRole} names={roleName} disabled={disabled} />
      </Field>
      {role === "supervisor" ? (
        <UnitChoice units={units} chosen={unitIds} error={problem("unitIds")} disabled={disabled} />
      ) : null}
    </>
  );
}

type RoleSelectProps = {
  role: Role;
  roles: readonly Role[];
  onChoose: (role: Role) => void;
  names: (role: Role) => string;
  disabled?: boolean;
};

/** Takes the id and the links to hint and error that `<Field>` gives its control. */
function RoleSelect({ role, roles, onChoose, names, ...control }: RoleSelectProps) {
  return (
    <Select name="role" value={role} onChange={(event) => onChoose(event.currentTarget.value as Role)} {...control}>
      {roles.map((value) => (
        <option key={value} value={value}>
          {names(value)}
        </option>
      ))}
    </Select>
  );
}
