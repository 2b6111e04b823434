import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { acknowledgeAlertAction, changeThresholdsAction } from "@/app/(portal)/compliance/alerts/actions";
import { AlertThresholds } from "@/components/compliance/alerts/alert-thresholds";
import { AlertsTable } from "@/components/compliance/alerts/alerts-table";
import { ChoiceFilterBar } from "@/components/table/choice-filter-bar";
import { Card, CardBody } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { alertFilters, listAlerts } from "@/lib/compliance/alerts/list-alerts";
import { loadPage } from "@/lib/http/load-page";
import { pageLink, readFilters, type SearchParams } from "@/lib/http/page-address";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("alerts"))("title") };
}

export default async function AlertsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const filters = readFilters(alertFilters, params);
  const cursor = (name: "after" | "before") => (typeof params[name] === "string" ? params[name] : undefined);
  const [t, compliance, page] = await Promise.all([
    getTranslations("alerts"),
    getTranslations("compliance"),
    loadPage(listAlerts, { ...filters, after: cursor("after"), before: cursor("before") }),
  ]);
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description", { count: page.open })}
        parent={{ href: "/compliance", label: compliance("title") }}
      />
      <div className="grid gap-4">
        <Card aria-label={t("list")}>
          <CardBody>
            <ChoiceFilterBar
              action="/compliance/alerts"
              filters={[
                {
                  ...{ name: "state", label: t("filters.label"), any: t("filters.open") },
                  ...{ value: filters.state, options: [{ value: "all", label: t("filters.all") }] },
                },
              ]}
            />
          </CardBody>
          <AlertsTable page={page} acknowledge={acknowledgeAlertAction} />
        </Card>
        <Pagination
          newerHref={pageLink("/compliance/alerts", params, "before", page.before)}
          olderHref={pageLink("/compliance/alerts", params, "after", page.after)}
        />
        {page.mayConfigure ? <AlertThresholds thresholds={page.thresholds} action={changeThresholdsAction} /> : null}
      </div>
    </>
  );
}
