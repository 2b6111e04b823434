import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PeriodForm } from "@/components/subject-requests/statistics/period-form";
import { StatisticsView } from "@/components/subject-requests/statistics/statistics-view";
import { Card, CardBody } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { loadPage } from "@/lib/http/load-page";
import { readFilters, type SearchParams } from "@/lib/http/page-address";
import { readStatistics } from "@/lib/subject-requests/statistics/read-statistics";
import { periodInput } from "@/lib/subject-requests/statistics/statistics-period";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("subjectRequests"))("statistics.title") };
}

export default async function StatisticsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const t = await getTranslations("subjectRequests");
  const statistics = await loadPage(readStatistics, readFilters(periodInput, await searchParams));
  return (
    <>
      <PageHeader
        title={t("statistics.title")}
        description={t("statistics.description")}
        parent={{ href: "/privacy-requests", label: t("title") }}
      />
      <div className="grid gap-4">
        <Card>
          <CardBody>
            <PeriodForm period={statistics.period} />
          </CardBody>
        </Card>
        <StatisticsView statistics={statistics} />
      </div>
    </>
  );
}
