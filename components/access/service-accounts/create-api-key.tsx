"use client";

import { KeyRound } from "lucide-react";
import { useTranslations } from "next-intl";
import { FormDialog } from "@/components/forms/form-dialog";
import { OneTimeSecret } from "@/components/ui/one-time-secret";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";

export type CreateApiKeyProps = {
  account: { id: string; name: string };
  action: FormAction<{ apiKeyId: string; apiKey: string }>;
};

/** Opens the form of a new key. After creation the dialog shows the key until it is closed. */
export function CreateApiKey({ account, action }: CreateApiKeyProps) {
  const t = useTranslations("settings.keys");
  const trigger = (
    <Button size="small" aria-label={t("newFor", { name: account.name })}>
      <KeyRound aria-hidden />
      {t("new")}
    </Button>
  );
  return (
    <FormDialog trigger={trigger} title={t("newFor", { name: account.name })} description={t("newDescription")}>
      {(close) => <NewApiKey serviceAccountId={account.id} action={action} onClose={close} />}
    </FormDialog>
  );
}

function NewApiKey({
  serviceAccountId,
  action,
  onClose,
}: {
  serviceAccountId: string;
  action: CreateApiKeyProps["action"];
  onClose: () => void;
}) {
  const t = useTranslations("settings.keys");
  const optional = useTranslations("common")("optional");
  const { state, form, problem, message } = useActionForm(action);
  if (state.status === "done") {
    return (
      <div className="grid gap-4">
        <OneTimeSecret label={t("label")} warning={t("warning")} value={state.result.apiKey} />
        <Button variant="primary" className="justify-self-end" onClick={onClose}>
          {t("close")}
        </Button>
      </div>
    );
  }
  return (
    <form {...form} className="grid gap-4">
      <input type="hidden" name="serviceAccountId" value={serviceAccountId} />
      {message}
      <Field
        id="expiresOn"
        label={t("expiresOn")}
        note={optional}
        hint={t("expiresOnHint")}
        error={problem("expiresOn")}
      >
        <Input name="expiresOn" type="date" />
      </Field>
      <SubmitButton className="justify-self-end">{t("generate")}</SubmitButton>
    </form>
  );
}
