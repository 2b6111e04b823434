import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { verifyRecentAction } from "@/app/(portal)/audit-log/actions";
import { EventFilterBar } from "@/components/audit/event-filter-bar";
import { EventTimeline } from "@/components/audit/event-timeline";
import { IntegrityPanel } from "@/components/audit/integrity-panel";
import { VerifyRecent } from "@/components/audit/verify-recent";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { eventFilters, type EventFilters } from "@/lib/audit/event-filters";
import { listAuditActors } from "@/lib/audit/list-audit-actors";
import { jobNames } from "@/lib/operation/actor";
import { listAuditEvents } from "@/lib/audit/list-audit-events";
import { readIntegrity } from "@/lib/audit/read-integrity";
import { isAllowed } from "@/lib/operation/permissions";
import { loadPage } from "@/lib/http/load-page";
import { readFilters, type SearchParams, pageLink } from "@/lib/http/page-address";
import { pageContext } from "@/lib/http/page-context";
import { listUnits } from "@/lib/access/units/list-units";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("audit"))("title") };
}

export default async function AuditLogPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const filters = readFilters(eventFilters, params);
  const [t, { context }, page, actors, units, integrity] = await Promise.all([
    getTranslations("audit"),
    pageContext(),
    loadPage(listAuditEvents, { ...filters, after: single(params.after), before: single(params.before) }),
    loadPage(listAuditActors, {}),
    loadPage(listUnits, {}),
    loadPage(readIntegrity, {}),
  ]);
  const linkedTargets = [
    "recording",
    ...(isAllowed(context.actor, "user:list") ? ["user"] : []),
    ...(isAllowed(context.actor, "subject-request:read") ? ["subject_request"] : []),
  ];
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      <div className="grid gap-4">
        <IntegrityPanel integrity={integrity}>
          <div className="flex flex-wrap gap-2">
            <Download
              href={exportHref("jsonl", { from: filters.from, to: filters.to })}
              label={t("integrity.export")}
            />
            <Download href={exportHref("csv", filters)} label={t("integrity.exportCsv")} />
            <Download href="/api/audit-log/public-key" label={t("integrity.publicKey")} />
          </div>
          <p className="text-sm text-ink-muted">{t("integrity.exportPeriod")}</p>
          {isAllowed(context.actor, "audit:verify") ? <VerifyRecent action={verifyRecentAction} /> : null}
        </IntegrityPanel>
        <EventFilterBar filters={filters} actors={{ ...actors, jobs: jobNames }} units={units} />
        <Card>
          <EventTimeline events={page.rows} linkedTargets={linkedTargets} />
        </Card>
        <Pagination
          newerHref={pageLink("/audit-log", params, "before", page.before)}
          olderHref={pageLink("/audit-log", params, "after", page.after)}
        >
          {t("shown", { count: page.rows.length })}
        </Pagination>
      </div>
    </>
  );
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function exportHref(format: "jsonl" | "csv", filters: EventFilters): string {
  const given = Object.entries(filters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `/api/audit-log/export?${new URLSearchParams([["format", format], ...given])}`;
}

/** A plain link, not the router's: the browser downloads the file. */
function Download({ href, label }: { href: string; label: string }) {
  return (
    <Button asChild size="small">
      <a href={href} download>
        {label}
      </a>
    </Button>
  );
}
