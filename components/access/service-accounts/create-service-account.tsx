"use client";

import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { FormDialog } from "@/components/forms/form-dialog";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";

export type CreateServiceAccountProps = { action: FormAction<{ serviceAccountId: string }> };

/** Opens the form of a new service account. */
export function CreateServiceAccount({ action }: CreateServiceAccountProps) {
  const t = useTranslations("settings.serviceAccounts");
  const trigger = (
    <Button variant="primary">
      <Plus aria-hidden />
      {t("new")}
    </Button>
  );
  return (
    <FormDialog trigger={trigger} title={t("new")}>
      {(close) => <NewServiceAccount action={action} onDone={close} />}
    </FormDialog>
  );
}

function NewServiceAccount({ action, onDone }: CreateServiceAccountProps & { onDone: () => void }) {
  const t = useTranslations("settings.serviceAccounts");
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, () => {
    notify(t("created"));
    onDone();
  });
  return (
    <form {...form} className="grid gap-4">
      {message}
      <Field id="name" label={t("name")} hint={t("nameHint")} error={problem("name")}>
        <Input name="name" required maxLength={80} autoComplete="off" />
      </Field>
      <SubmitButton className="justify-self-end">{t("create")}</SubmitButton>
    </form>
  );
}
