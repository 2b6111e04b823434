"use client";

import { useTranslations } from "next-intl";
import { FormDialog } from "@/components/forms/form-dialog";
import { UnitFields } from "@/components/access/units/unit-fields";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";
import type { UnitRow } from "@/lib/access/units/list-units";

export type EditUnitProps = { unit: UnitRow; timeZones: readonly string[]; action: FormAction<{ unitId: string }> };

/** Opens the form of a unit. */
export function EditUnit(props: EditUnitProps) {
  const t = useTranslations();
  const title = t("settings.units.edit", { name: props.unit.name });
  const trigger = (
    <Button size="small" aria-label={title}>
      {t("common.actions.edit")}
    </Button>
  );
  return (
    <FormDialog trigger={trigger} title={title}>
      {(close) => <UnitForm onDone={close} {...props} />}
    </FormDialog>
  );
}

function UnitForm({ unit, timeZones, action, onDone }: EditUnitProps & { onDone: () => void }) {
  const t = useTranslations();
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, () => {
    notify(t("settings.units.saved"));
    onDone();
  });
  return (
    <form {...form} className="grid gap-4">
      <input type="hidden" name="unitId" value={unit.id} />
      {message}
      <p>
        <span className="text-ink-muted">{t("settings.units.code")}: </span>
        <code className="font-mono text-sm">{unit.code}</code>
      </p>
      <UnitFields {...unit} timeZones={timeZones} problem={problem} />
      <SubmitButton className="justify-self-end">{t("common.actions.save")}</SubmitButton>
    </form>
  );
}
