"use client";

import { useTranslations } from "next-intl";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";

export type AcknowledgeAlertProps = { alertId: string; action: FormAction<unknown> };

/** Says what was found, and closes the alert. */
export function AcknowledgeAlert({ alertId, action }: AcknowledgeAlertProps) {
  const t = useTranslations("alerts");
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, () => notify(t("acknowledged")));
  return (
    <form {...form} className="grid grid-cols-[minmax(0,1fr)_auto] items-end gap-2">
      {message}
      <input type="hidden" name="alertId" value={alertId} />
      <Field id={`note-${alertId}`} label={t("note")} error={problem("note")}>
        <Input name="note" required maxLength={2000} autoComplete="off" />
      </Field>
      <SubmitButton variant="secondary">{t("acknowledge")}</SubmitButton>
    </form>
  );
}
