import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { changeReportSettingsAction, requestReportAction } from "@/app/(portal)/compliance/reports/actions";
import { ReportSettings } from "@/components/compliance/reports/report-settings";
import { ReportsTable } from "@/components/compliance/reports/reports-table";
import { RequestReport } from "@/components/compliance/reports/request-report";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { timeText } from "@/lib/compliance/oversight/oversight-settings";
import { listReports } from "@/lib/compliance/reports/list-reports";
import { lastPeriod } from "@/lib/compliance/reports/report-period";
import { newId } from "@/lib/core/new-id";
import { today } from "@/lib/core/time";
import { loadPage } from "@/lib/http/load-page";
import { pageLink, type SearchParams } from "@/lib/http/page-address";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("reports"))("title") };
}

export default async function ReportsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const cursor = (name: "after" | "before") => (typeof params[name] === "string" ? params[name] : undefined);
  const [t, compliance, page] = await Promise.all([
    getTranslations("reports"),
    getTranslations("compliance"),
    loadPage(listReports, { after: cursor("after"), before: cursor("before") }),
  ]);
  const { settings, mayRequest, mayTake, mayConfigure } = page;
  const hours = { workFrom: timeText(settings.workFrom), workTo: timeText(settings.workTo) };
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        parent={{ href: "/compliance", label: compliance("title") }}
      />
      <div className="grid gap-4">
        {mayRequest ? (
          <RequestReport reportId={newId()} {...lastPeriod("monthly", today())} action={requestReportAction} />
        ) : null}
        <Card>
          <ReportsTable reports={page.rows} mayTake={mayTake} />
        </Card>
        <Pagination
          newerHref={pageLink("/compliance/reports", params, "before", page.before)}
          olderHref={pageLink("/compliance/reports", params, "after", page.after)}
        />
        {mayConfigure ? <ReportSettings settings={settings} {...hours} action={changeReportSettingsAction} /> : null}
      </div>
    </>
  );
}
