"use client";

import { useTranslations } from "next-intl";
import { FormDialog } from "@/components/settings/form-dialog";
import { useActionForm, type FormAction } from "@/components/settings/use-action-form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { SubmitButton } from "@/components/ui/submit-button";
import { Textarea } from "@/components/ui/textarea";
import { useNotify } from "@/components/ui/toast";

type RequestReleaseProps = { holdId: string; action: FormAction<unknown> };

/** Asks a second person to release a hold. */
export function RequestRelease(props: RequestReleaseProps) {
  const t = useTranslations("holds.release");
  return (
    <FormDialog trigger={<Button>{t("button")}</Button>} title={t("button")} description={t("description")}>
      {(close) => <ReleaseForm onDone={close} {...props} />}
    </FormDialog>
  );
}

function ReleaseForm({ holdId, action, onDone }: RequestReleaseProps & { onDone: () => void }) {
  const t = useTranslations("holds.release");
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, () => {
    notify(t("done"));
    onDone();
  });
  return (
    <form {...form} className="grid gap-4">
      {message}
      <input type="hidden" name="holdId" value={holdId} />
      <Field id="reason" label={t("reason")} error={problem("reason")}>
        <Textarea name="reason" required maxLength={2000} />
      </Field>
      <SubmitButton className="justify-self-end">{t("send")}</SubmitButton>
    </form>
  );
}
