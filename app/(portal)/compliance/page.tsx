import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { checkControlsAction } from "@/app/(portal)/compliance/actions";
import Link from "next/link";
import { CheckNow } from "@/components/compliance/check-now";
import { ComplianceLinks } from "@/components/compliance/compliance-links";
import { ControlGroup } from "@/components/compliance/control-group";
import { ControlsSummary } from "@/components/compliance/controls-summary";
import { ChoiceFilterBar } from "@/components/table/choice-filter-bar";
import { Button } from "@/components/ui/button";
import { Card, CardBody } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { controlFilters, listControls } from "@/lib/compliance/list-controls";
import { loadPage } from "@/lib/http/load-page";
import { readFilters, type SearchParams } from "@/lib/http/page-address";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("compliance"))("title") };
}

export default async function CompliancePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const filters = readFilters(controlFilters, await searchParams);
  const [t, incidents, reviews, alerts, reports, { check, counts, groups }] = await Promise.all([
    getTranslations("compliance"),
    getTranslations("incidents"),
    getTranslations("accessReviews"),
    getTranslations("alerts"),
    getTranslations("reports"),
    loadPage(listControls, filters),
  ]);
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={
          <>
            <Button asChild>
              <Link href="/compliance/access-reviews">{reviews("title")}</Link>
            </Button>
            <Button asChild>
              <Link href="/compliance/alerts">{alerts("title")}</Link>
            </Button>
            <Button asChild>
              <Link href="/compliance/reports">{reports("title")}</Link>
            </Button>
            <ComplianceLinks />
            <Button asChild>
              <Link href="/compliance/incidents">{incidents("title")}</Link>
            </Button>
            <CheckNow action={checkControlsAction} />
          </>
        }
      />
      <div className="grid gap-4">
        <Card aria-label={t("summary")}>
          <CardBody className="grid gap-4">
            <ControlsSummary check={check} counts={counts} />
            <ChoiceFilterBar
              action="/compliance"
              filters={[
                {
                  ...{ name: "state", label: t("filters.label"), any: t("filters.all") },
                  ...{ value: filters.state, options: [{ value: "gap", label: t("filters.gap") }] },
                },
              ]}
            />
          </CardBody>
        </Card>
        {groups.length === 0 ? (
          <Card>
            <EmptyState title={t("empty.title")} description={t("empty.description")} />
          </Card>
        ) : null}
        {groups.map(({ group, controls }) => (
          <ControlGroup key={group} group={group} controls={controls} />
        ))}
      </div>
    </>
  );
}
