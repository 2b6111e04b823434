"use client";

import { useTranslations } from "next-intl";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { CardBody, CardFooter } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";
import { RoleAndUnits } from "@/components/access/users/role-and-units";
import type { UnitOption } from "@/components/access/users/unit-choice";
import type { Role } from "@/lib/operation/actor";
import type { UserRow } from "@/lib/access/users/user-descriptions";

export type EditUserFormProps = {
  user: UserRow;
  units: readonly UnitOption[];
  roles: readonly Role[];
  isOneself: boolean;
  action: FormAction<{ userId: string }>;
};

/** Edits name, role and units of a user. A user cannot change their own role and units. */
export function EditUserForm({ user, units, roles, isOneself, action }: EditUserFormProps) {
  const t = useTranslations("users.form");
  const users = useTranslations("users");
  const common = useTranslations("common.actions");
  const notify = useNotify();
  const { problem, form, message } = useActionForm(action, () => notify(t("saved")));
  const unitIds = user.units.map(({ id }) => id);
  return (
    <form {...form}>
      <input type="hidden" name="userId" value={user.id} />
      <input type="hidden" name="version" value={user.version} />
      {/* A new version resets the fields, so that old values are never sent with it. */}
      <CardBody key={user.version} className="grid gap-4">
        {message}
        <Field id="name" label={t("name")} error={problem("name")}>
          <Input name="name" required maxLength={120} autoComplete="off" defaultValue={user.name} />
        </Field>
        <RoleAndUnits
          role={user.role}
          roles={roles}
          unitIds={unitIds}
          units={units}
          problem={problem}
          disabled={isOneself}
        />
        {user.signsInAt === "portal" ? null : <p className="text-sm text-ink-muted">{users("ssoRole")}</p>}
        {isOneself ? <KeptAsTheyAre role={user.role} unitIds={unitIds} hint={t("ownRole")} /> : null}
      </CardBody>
      <CardFooter>
        <SubmitButton>{common("save")}</SubmitButton>
      </CardFooter>
    </form>
  );
}

/** Disabled controls are not submitted: hidden fields submit their values instead. */
function KeptAsTheyAre({ role, unitIds, hint }: { role: string; unitIds: string[]; hint: string }) {
  return (
    <>
      <input type="hidden" name="role" value={role} />
      {unitIds.map((id) => (
        <input key={id} type="hidden" name="unitIds[]" value={id} />
      ))}
      <p className="text-sm text-ink-muted">{hint}</p>
    </>
  );
}
