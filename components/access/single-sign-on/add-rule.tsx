"use client";

import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { RoleAndUnits } from "@/components/access/users/role-and-units";
import type { UnitOption } from "@/components/access/users/unit-choice";
import { FormDialog } from "@/components/forms/form-dialog";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";
import type { Role } from "@/lib/operation/actor";

export type AddRuleProps = {
  action: FormAction<{ ruleId: string }>;
  units: readonly UnitOption[];
  roles: readonly Role[];
};

/** Opens the form of a new row from a claim to a role. */
export function AddRule(props: AddRuleProps) {
  const t = useTranslations("settings.singleSignOn.rules");
  const trigger = (
    <Button variant="primary">
      <Plus aria-hidden />
      {t("new")}
    </Button>
  );
  return (
    <FormDialog trigger={trigger} title={t("new")}>
      {(close) => <NewRule onDone={close} {...props} />}
    </FormDialog>
  );
}

const ownText = {
  required: true,
  maxLength: 200,
  autoComplete: "off",
  autoCapitalize: "none",
  spellCheck: false,
} as const;

function NewRule({ action, units, roles, onDone }: AddRuleProps & { onDone: () => void }) {
  const t = useTranslations("settings.singleSignOn.rules");
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, () => {
    notify(t("added"));
    onDone();
  });
  return (
    <form {...form} className="grid gap-4">
      {message}
      <Field id="claim" label={t("claim")} hint={t("claimHint")} error={problem("claim")}>
        <Input name="claim" className="font-mono" {...ownText} />
      </Field>
      <Field id="value" label={t("value")} hint={t("valueHint")} error={problem("value")}>
        <Input name="value" className="font-mono" {...ownText} />
      </Field>
      <RoleAndUnits role="supervisor" roles={roles} unitIds={[]} units={units} problem={problem} />
      <SubmitButton className="justify-self-end">{t("add")}</SubmitButton>
    </form>
  );
}
