"use client";

import { useTranslations } from "next-intl";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { useWebhookFailure } from "@/components/access/webhooks/webhook-deliveries";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";

export type SendTestWebhookProps = {
  account: { id: string; name: string };
  action: FormAction<{ serviceAccountId: string; failure: string | null }>;
};

/** Sends a signed test message and shows its result. */
export function SendTestWebhook({ account, action }: SendTestWebhookProps) {
  const t = useTranslations("webhooks.test");
  const notify = useNotify();
  const failureText = useWebhookFailure();
  const { form, message } = useActionForm(action, ({ failure }) => {
    if (failure === null) notify(t("taken"));
    else notify(t("notTaken", { reason: failureText(failure) }), "danger");
  });
  return (
    <form {...form}>
      <input type="hidden" name="serviceAccountId" value={account.id} />
      <SubmitButton size="small" variant="secondary" aria-label={t("label", { name: account.name })}>
        {t("button")}
      </SubmitButton>
      {message}
    </form>
  );
}
