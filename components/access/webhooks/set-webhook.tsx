"use client";

import { useTranslations } from "next-intl";
import { FormDialog } from "@/components/forms/form-dialog";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { WebhookSecret } from "@/components/access/webhooks/webhook-secret";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";

export type SetWebhookProps = {
  account: { id: string; name: string; webhookUrl: string | null };
  action: FormAction<{ serviceAccountId: string; secret: string | null }>;
};

/** Opens the form of the webhook's address. The first time, the dialog then shows the signing secret. */
export function SetWebhook({ account, action }: SetWebhookProps) {
  const t = useTranslations("webhooks");
  const part = account.webhookUrl === null ? "set" : "change";
  const trigger = (
    <Button size="small" aria-label={t(`${part}.label`, { name: account.name })}>
      {t(`${part}.button`)}
    </Button>
  );
  return (
    <FormDialog trigger={trigger} title={t("dialog", { name: account.name })} description={t("description")}>
      {(close) => <WebhookAddress account={account} action={action} onClose={close} />}
    </FormDialog>
  );
}

function WebhookAddress({ account, action, onClose }: SetWebhookProps & { onClose: () => void }) {
  const t = useTranslations("webhooks");
  const notify = useNotify();
  const { state, form, problem, message } = useActionForm(action, ({ secret }) => {
    if (secret !== null) return;
    notify(t("changed"));
    onClose();
  });
  if (state.status === "done" && state.result.secret !== null)
    return <WebhookSecret value={state.result.secret} onClose={onClose} />;
  return (
    <form {...form} className="grid gap-4">
      <input type="hidden" name="serviceAccountId" value={account.id} />
      {message}
      <Field id="url" label={t("address")} hint={t("addressHint")} error={problem("url")}>
        <Input
          name="url"
          type="url"
          required
          maxLength={500}
          autoComplete="off"
          defaultValue={account.webhookUrl ?? ""}
        />
      </Field>
      <SubmitButton className="justify-self-end">{t("save")}</SubmitButton>
    </form>
  );
}
