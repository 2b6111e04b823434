"use client";

import { useTranslations } from "next-intl";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";

type TermActionProps = { termId: string; name: string; action: FormAction<unknown> };

/** Says the last day of a term. */
export function EndTerm({ termId, name, action }: TermActionProps) {
  const t = useTranslations("compliance.terms");
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, () => notify(t("ended")));
  return (
    <form {...form} className="flex flex-wrap items-end gap-2">
      {message}
      <input type="hidden" name="termId" value={termId} />
      <Field id={`end-${termId}`} label={t("lastDayOf", { name })} error={problem("endsOn")}>
        <Input name="endsOn" type="date" required />
      </Field>
      <SubmitButton variant="secondary" size="small">
        {t("end")}
      </SubmitButton>
    </form>
  );
}

/** Voids a term that was entered in error, after confirmation. */
export function VoidTerm({ termId, name, action }: TermActionProps) {
  const t = useTranslations("compliance.terms");
  return (
    <ConfirmedAction
      trigger={<Button size="small">{t("void")}</Button>}
      title={t("voidTitle", { name })}
      description={t("voidHint")}
      confirmLabel={t("void")}
      action={action}
      fields={{ termId }}
      done={t("voided")}
    />
  );
}
