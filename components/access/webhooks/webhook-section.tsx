import { useTranslations } from "next-intl";
import { RemoveWebhook } from "@/components/access/webhooks/remove-webhook";
import { RotateWebhookSecret } from "@/components/access/webhooks/rotate-webhook-secret";
import { SendTestWebhook } from "@/components/access/webhooks/send-test-webhook";
import { SetWebhook } from "@/components/access/webhooks/set-webhook";
import type { FormAction } from "@/components/forms/use-action-form";
import { TimeText } from "@/components/ui/time-text";
import { WebhookDeliveries } from "@/components/access/webhooks/webhook-deliveries";
import type { ServiceAccountRow } from "@/lib/access/service-accounts/list-service-accounts";
import type { WebhookDeliveryRow } from "@/lib/access/webhooks/list-webhook-deliveries";

export type WebhookActions = {
  setWebhookAction: FormAction<{ serviceAccountId: string; secret: string | null }>;
  rotateWebhookSecretAction: FormAction<{ serviceAccountId: string; secret: string }>;
  sendTestWebhookAction: FormAction<{ serviceAccountId: string; failure: string | null }>;
  removeWebhookAction: FormAction<{ serviceAccountId: string }>;
};

export type WebhookSectionProps = {
  account: ServiceAccountRow;
  deliveries: WebhookDeliveryRow[];
  actions?: WebhookActions;
};

/** Shows the webhook of a service account and the last messages to it. */
export function WebhookSection({ account, deliveries, actions }: WebhookSectionProps) {
  const t = useTranslations("webhooks");
  return (
    <section aria-label={t("dialog", { name: account.name })} className="border-t border-line">
      <div className="flex flex-wrap items-center justify-between gap-2 px-4 py-3">
        <div className="min-w-0">
          <h4 className="font-medium">{t("title")}</h4>
          <p className="break-all text-sm text-ink-muted">{account.webhookUrl ?? t("none")}</p>
          {account.oldSecretUntil ? (
            <p className="text-sm text-ink-muted">
              {t("oldSecretUntil")} <TimeText value={account.oldSecretUntil} />
            </p>
          ) : null}
        </div>
        {actions ? (
          <div className="flex flex-wrap gap-2">
            {account.webhookUrl !== null ? (
              <SendTestWebhook account={account} action={actions.sendTestWebhookAction} />
            ) : null}
            <SetWebhook account={account} action={actions.setWebhookAction} />
            {account.webhookUrl !== null ? (
              <>
                <RotateWebhookSecret account={account} action={actions.rotateWebhookSecretAction} />
                <RemoveWebhook account={account} action={actions.removeWebhookAction} />
              </>
            ) : null}
          </div>
        ) : null}
      </div>
      {deliveries.length > 0 ? <WebhookDeliveries name={account.name} deliveries={deliveries} /> : null}
    </section>
  );
}
