import type { Metadata, Route } from "next";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { z } from "zod";
import { DueCalendar } from "@/components/retention/due-calendar";
import { FailedDeletions } from "@/components/retention/failed-deletions";
import { PoliciesTable } from "@/components/retention/policies-table";
import { RetentionAlarm } from "@/components/retention/retention-alarm";
import { RunsTable } from "@/components/retention/runs-table";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { isAllowed } from "@/lib/auth/permissions";
import { loadPage } from "@/lib/http/load-page";
import { pageContext } from "@/lib/http/page-context";
import { forecastRetention } from "@/lib/retention/forecast-retention";
import { listFailedDeletions } from "@/lib/retention/list-failed-deletions";
import { listRetentionPolicies } from "@/lib/retention/list-retention-policies";
import { listRetentionRuns } from "@/lib/retention/list-retention-runs";
import { readRetentionHealth } from "@/lib/retention/retention-health";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("retention"))("title") };
}

const cursorParameter = z.uuid().optional().catch(undefined);

export default async function RetentionPage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  const cursor = cursorParameter.parse((await searchParams).after);
  const [t, { context }, health, forecast, policies, failed, { runs, nextCursor }] = await Promise.all([
    getTranslations("retention"),
    pageContext(),
    loadPage(readRetentionHealth, {}),
    loadPage(forecastRetention, {}),
    loadPage(listRetentionPolicies, {}),
    loadPage(listFailedDeletions, {}),
    loadPage(listRetentionRuns, { cursor, limit: 10 }),
  ]);
  const mayWrite = isAllowed(context.actor, "retention-policy:write");
  const newPolicy = (
    <Button asChild variant="primary">
      <Link href={"/retention/policies/new" as Route}>{t("policies.new")}</Link>
    </Button>
  );
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} actions={mayWrite ? newPolicy : null} />
      <div className="grid gap-4">
        <RetentionAlarm health={health} hasPolicies={policies.length > 0} />
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
        <Card>
          <CardHeader id="policies" title={t("policies.title")} description={t("policies.description")} />
          <PoliciesTable policies={policies} mayWrite={mayWrite} />
        </Card>
        <Card>
          <CardHeader id="runs" title={t("runs.title")} description={t("runs.description")} />
          <RunsTable runs={runs} />
          {cursor || nextCursor ? (
            <CardBody className="border-t border-line py-2.5">
              <Pagination newerHref={cursor ? "/retention#runs" : undefined} olderHref={nextCursor ? `/retention?after=${nextCursor}#runs` : undefined} />
            </CardBody>
          ) : null}
        </Card>
      </div>
    </>
  );
}
