import { useTranslations } from "next-intl";
import { ApiKeysTable } from "@/components/access/service-accounts/api-keys-table";
import { CreateApiKey } from "@/components/access/service-accounts/create-api-key";
import { ServiceAccountAccess } from "@/components/access/service-accounts/service-account-access";
import { SetDialling } from "@/components/access/service-accounts/set-dialling";
import type { FormAction } from "@/components/forms/use-action-form";
import { WebhookSection, type WebhookActions } from "@/components/access/webhooks/webhook-section";
import { Badge } from "@/components/ui/badge";
import { Card, CardHeader } from "@/components/ui/card";
import type { ServiceAccountRow } from "@/lib/access/service-accounts/list-service-accounts";
import type { WebhookDeliveryRow } from "@/lib/access/webhooks/list-webhook-deliveries";

export type ServiceAccountActions = WebhookActions & {
  deactivateServiceAccountAction: FormAction<{ serviceAccountId: string }>;
  reactivateServiceAccountAction: FormAction<{ serviceAccountId: string }>;
  setDiallingAction: FormAction<{ serviceAccountId: string }>;
  createApiKeyAction: FormAction<{ apiKeyId: string; apiKey: string }>;
  revokeApiKeyAction: FormAction<{ apiKeyId: string }>;
};

export type ServiceAccountCardProps = {
  account: ServiceAccountRow;
  /** The last messages sent to it, newest first. */
  deliveries: WebhookDeliveryRow[];
  /** Undefined for readers who may not change service accounts. */
  actions?: ServiceAccountActions;
};

/** Shows one service account with its keys and its webhook. */
export function ServiceAccountCard({ account, deliveries, actions }: ServiceAccountCardProps) {
  const t = useTranslations("settings.serviceAccounts");
  const state = account.active ? <Badge tone="positive">{t("active")}</Badge> : <Badge>{t("inactive")}</Badge>;
  const title = (
    <span className="flex flex-wrap items-center gap-2">
      {account.name}
      {state}
    </span>
  );
  const buttons = actions ? (
    <>
      {account.active ? <CreateApiKey account={account} action={actions.createApiKeyAction} /> : null}
      <SetDialling account={account} action={actions.setDiallingAction} />
      <ServiceAccountAccess
        account={account}
        validKeys={account.keys.filter((key) => key.state === "valid").length}
        deactivateAction={actions.deactivateServiceAccountAction}
        reactivateAction={actions.reactivateServiceAccountAction}
      />
    </>
  ) : null;
  return (
    <Card aria-labelledby={`account-${account.id}`}>
      <CardHeader id={`account-${account.id}`} level={3} title={title} actions={buttons} />
      <ApiKeysTable account={account} revokeAction={actions?.revokeApiKeyAction} />
      <WebhookSection account={account} deliveries={deliveries} actions={actions} />
    </Card>
  );
}
