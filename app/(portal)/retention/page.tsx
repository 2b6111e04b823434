import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { DueCalendar } from "@/components/retention/due-calendar";
import { DriftAlarm } from "@/components/drift/drift-alarm";
import { FailedDeletions } from "@/components/retention/failed-deletions";
import { RetentionAlarm } from "@/components/retention/retention-alarm";
import { Card, CardHeader } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { loadPage } from "@/lib/http/load-page";
import { forecastRetention } from "@/lib/retention/forecast-retention";
import { listFailedDeletions } from "@/lib/retention/list-failed-deletions";
import { listRetentionPolicies } from "@/lib/retention/list-retention-policies";
import { readRetentionHealth } from "@/lib/retention/retention-health";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("retention"))("title") };
}

export default async function RetentionPage() {
  const [t, health, forecast, policies, failed] = await Promise.all([
    getTranslations("retention"),
    loadPage(readRetentionHealth, {}),
    loadPage(forecastRetention, {}),
    loadPage(listRetentionPolicies, {}),
    loadPage(listFailedDeletions, {}),
  ]);
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      <div className="grid gap-4">
        <RetentionAlarm health={health} hasPolicies={policies.length > 0} />
        <DriftAlarm count={health.severeDrift} />
        {failed.total > 0 ? (
          <Card>
            <CardHeader id="failed" title={t("failed.title")} description={t("failed.description", { count: failed.total })} />
            <FailedDeletions failed={failed} />
          </Card>
        ) : null}
        <Card aria-labelledby="due">
          <CardHeader id="due" title={t("due.title")} description={t("due.description")} />
          <DueCalendar forecast={forecast} />
        </Card>
      </div>
    </>
  );
}
