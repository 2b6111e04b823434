"use client";

import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { FormDialog } from "@/components/forms/form-dialog";
import { UnitFields } from "@/components/access/units/unit-fields";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";

export type CreateUnitProps = {
  action: FormAction<{ unitId: string }>;
  timeZone: string;
  timeZones: readonly string[];
};

/** Opens the form of a new unit. */
export function CreateUnit(props: CreateUnitProps) {
  const t = useTranslations("settings.units");
  const trigger = (
    <Button variant="primary">
      <Plus aria-hidden />
      {t("new")}
    </Button>
  );
  return (
    <FormDialog trigger={trigger} title={t("new")}>
      {(close) => <NewUnit onDone={close} {...props} />}
    </FormDialog>
  );
}

function NewUnit({ action, timeZone, timeZones, onDone }: CreateUnitProps & { onDone: () => void }) {
  const t = useTranslations("settings.units");
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, () => {
    notify(t("created"));
    onDone();
  });
  return (
    <form {...form} className="grid gap-4">
      {message}
      <Field id="code" label={t("code")} hint={t("codeHint")} error={problem("code")}>
        <Input
          name="code"
          required
          maxLength={40}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          className="font-mono"
        />
      </Field>
      <UnitFields timeZone={timeZone} timeZones={timeZones} problem={problem} />
      <SubmitButton className="justify-self-end">{t("create")}</SubmitButton>
    </form>
  );
}
