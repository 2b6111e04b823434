"use client";

import { useTranslations } from "next-intl";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { Checkbox } from "@/components/ui/checkbox";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";
import type { Role } from "@/lib/operation/actor";

export type SecondFactorRolesProps = {
  optional: readonly Role[];
  switchedOn: readonly Role[];
  action: FormAction<{ roles: Role[] }>;
};

/** Of which further roles the people need a second factor. */
export function SecondFactorRoles({ optional, switchedOn, action }: SecondFactorRolesProps) {
  const t = useTranslations("settings.secondFactor");
  const roleName = useTranslations("shell.roles");
  const notify = useNotify();
  const { form, message } = useActionForm(action, () => notify(t("rolesSaved")));
  const save = useTranslations("common.actions")("save");
  return (
    <Card aria-labelledby="roles">
      <CardHeader id="roles" title={t("roles")} description={t("rolesDescription")} />
      <form {...form}>
        <CardBody className="grid gap-3">
          {message}
          <fieldset className="grid gap-1">
            <legend className="mb-1 font-medium">{t("rolesLegend")}</legend>
            {optional.map((role) => (
              <Checkbox
                key={role}
                name="roles[]"
                value={role}
                defaultChecked={switchedOn.includes(role)}
                label={roleName(role)}
              />
            ))}
          </fieldset>
        </CardBody>
        <CardFooter>
          <SubmitButton>{save}</SubmitButton>
        </CardFooter>
      </form>
    </Card>
  );
}
