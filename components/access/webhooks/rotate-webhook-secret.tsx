"use client";

import { useTranslations } from "next-intl";
import { FormDialog } from "@/components/forms/form-dialog";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { WebhookSecret } from "@/components/access/webhooks/webhook-secret";
import { Button } from "@/components/ui/button";
import { SubmitButton } from "@/components/ui/submit-button";

export type RotateWebhookSecretProps = {
  account: { id: string; name: string };
  action: FormAction<{ serviceAccountId: string; secret: string }>;
};

/** Replaces the signing secret after confirmation, and shows the new one once. */
export function RotateWebhookSecret({ account, action }: RotateWebhookSecretProps) {
  const t = useTranslations("webhooks.rotate");
  const trigger = (
    <Button size="small" aria-label={t("label", { name: account.name })}>
      {t("button")}
    </Button>
  );
  return (
    <FormDialog trigger={trigger} title={t("label", { name: account.name })} description={t("description")}>
      {(close) => <NewSecret serviceAccountId={account.id} action={action} onClose={close} />}
    </FormDialog>
  );
}

function NewSecret({
  serviceAccountId,
  action,
  onClose,
}: {
  serviceAccountId: string;
  action: RotateWebhookSecretProps["action"];
  onClose: () => void;
}) {
  const t = useTranslations("webhooks.rotate");
  const { state, form, message } = useActionForm(action);
  if (state.status === "done") return <WebhookSecret value={state.result.secret} onClose={onClose} />;
  return (
    <form {...form} className="grid gap-4">
      <input type="hidden" name="serviceAccountId" value={serviceAccountId} />
      {message}
      <SubmitButton className="justify-self-end">{t("confirm")}</SubmitButton>
    </form>
  );
}
