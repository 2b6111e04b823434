import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import * as actions from "@/app/(portal)/settings/service-accounts/actions";
import { CreateServiceAccount } from "@/components/access/service-accounts/create-service-account";
import { ServiceAccountCard } from "@/components/access/service-accounts/service-account-card";
import { Card, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { isAllowed } from "@/lib/operation/permissions";
import { loadPage } from "@/lib/http/load-page";
import { pageContext } from "@/lib/http/page-context";
import { listServiceAccounts } from "@/lib/access/service-accounts/list-service-accounts";
import { listWebhookDeliveries } from "@/lib/access/webhooks/list-webhook-deliveries";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings"))("serviceAccounts.title") };
}

export default async function ServiceAccountsPage() {
  const [accounts, deliveries, { context }, t] = await Promise.all([
    loadPage(listServiceAccounts, {}),
    loadPage(listWebhookDeliveries, {}),
    pageContext(),
    getTranslations("settings.serviceAccounts"),
  ]);
  const mayWrite = isAllowed(context.actor, "service-account:write");
  return (
    <div className="grid gap-4">
      <Card aria-labelledby="service-accounts">
        <CardHeader
          id="service-accounts"
          className={accounts.length > 0 ? "border-b-0" : undefined}
          title={t("title")}
          description={t("description")}
          actions={mayWrite ? <CreateServiceAccount action={actions.createServiceAccountAction} /> : null}
        />
        {accounts.length === 0 ? (
          <EmptyState title={t("emptyTitle")} description={mayWrite ? t("empty") : undefined} />
        ) : null}
      </Card>
      {accounts.map((account) => (
        <ServiceAccountCard
          key={account.id}
          account={account}
          deliveries={deliveries.filter(({ serviceAccountId }) => serviceAccountId === account.id)}
          actions={mayWrite ? actions : undefined}
        />
      ))}
    </div>
  );
}
