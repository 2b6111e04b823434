import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { findEvents, verifyRecentAction } from "@/app/(portal)/audit-log/actions";
import { ActorTabs } from "@/components/audit/actor-tabs";
import { EventFilterBar } from "@/components/audit/event-filter-bar";
import { eventKinds, kindsFor, type EventKind } from "@/components/audit/event-kinds";
import { EventList } from "@/components/audit/event-list";
import { EventSearch } from "@/components/audit/event-search";
import { IntegrityPanel } from "@/components/audit/integrity-panel";
import { VerifyRecent } from "@/components/audit/verify-recent";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { eventFilters, type EventFilters } from "@/lib/audit/event-filters";
import { listAuditActors } from "@/lib/audit/list-audit-actors";
import { jobNames } from "@/lib/operation/actor";
import { listAuditEvents } from "@/lib/audit/list-audit-events";
import { readIntegrity } from "@/lib/audit/read-integrity";
import { readSiemStream } from "@/lib/notifications/siem/read-siem-stream";
import { isAllowed } from "@/lib/operation/permissions";
import { verifierPath } from "@/lib/http/content-security-policy";
import { loadPage } from "@/lib/http/load-page";
import { readFilters, type SearchParams, pageLink } from "@/lib/http/page-address";
import { pageContext } from "@/lib/http/page-context";
import { listUnits } from "@/lib/access/units/list-units";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("audit"))("title") };
}

export default async function AuditLogPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const [t, locale] = await Promise.all([getTranslations("audit"), getLocale()]);
  const { filters, kinds, kind, isUnknownKind } = filtersOf(params, eventKinds(t as never));
  const { context } = await pageContext();
  const [page, actors, units, integrity, siem] = await Promise.all([
    loadPage(listAuditEvents, { ...texts(filters), after: single(params.after), before: single(params.before) }),
    loadPage(listAuditActors, {}),
    loadPage(listUnits, {}),
    loadPage(readIntegrity, {}),
    loadPage(readSiemStream, {}),
  ]);
  const linkedTargets = [
    "recording",
    ...(isAllowed(context.actor, "user:list") ? ["user"] : []),
    ...(isAllowed(context.actor, "subject-request:read") ? ["subject_request"] : []),
  ];
  return (
    <>
      <PageHeader title={t("title")} actions={<EventSearch action={findEvents} />} className="mb-2" />
      <div className="grid gap-2">
        <IntegrityPanel integrity={integrity} siem={siem}>
          <div className="flex flex-wrap gap-2">
            <Download
              href={exportHref("jsonl", { from: filters.from, to: filters.to })}
              label={t("integrity.export")}
            />
            <Download href={exportHref("xlsx", { ...texts(filters), locale })} label={t("integrity.exportXlsx")} />
            <Download href={exportHref("csv", { ...texts(filters), locale })} label={t("integrity.exportCsv")} />
            <Download href="/api/audit-log/public-key" label={t("integrity.publicKey")} />
          </div>
          <p className="text-sm text-ink-muted">
            {t("integrity.exportPeriod")}{" "}
            <a href={verifierPath} className="underline">
              {t("integrity.verifier")}
            </a>
          </p>
          {isAllowed(context.actor, "audit:verify") ? <VerifyRecent action={verifyRecentAction} /> : null}
        </IntegrityPanel>
        <EventFilterBar
          filters={{ ...filters, kind }}
          kinds={kinds}
          actors={{ ...actors, jobs: jobNames }}
          units={units}
        />
        <ActorTabs current={filters.actorType} href={(value) => withParam(params, "actorType", value)} />
        <Card>
          {isUnknownKind ? (
            <EmptyState title={t("empty.title")} description={t("filters.unknownKind", { text: kind ?? "" })} />
          ) : (
            <EventList
              events={page.rows}
              openId={single(params.event)}
              href={withParam(params, "event", undefined)}
              linkedTargets={linkedTargets}
            />
          )}
        </Card>
        <Pagination
          newerHref={pageLink("/audit-log", { ...params, event: undefined }, "before", page.before)}
          olderHref={pageLink("/audit-log", { ...params, event: undefined }, "after", page.after)}
        >
          {t("shown", { count: page.rows.length })}
        </Pagination>
      </div>
    </>
  );
}

/** The filters of the address. `kind` holds words, which select the kinds that have them; else `action` names some. */
function filtersOf(params: SearchParams, kinds: readonly EventKind[]) {
  const read = readFilters(eventFilters, params);
  const typed = single(params.kind);
  const found = typed === undefined ? undefined : kindsFor(kinds, typed).map(({ id }) => id);
  const isUnknownKind = found?.length === 0;
  const action = found && !isUnknownKind ? found : read.action;
  const named = kinds.filter(({ id }) => read.action?.includes(id)).map(({ label }) => label);
  return { filters: { ...read, action }, kinds, kind: typed ?? named[0], isUnknownKind };
}

/** The filters as texts, as an address has them. */
const texts = ({ action, ...others }: EventFilters) => ({ ...others, action: action?.join(",") });

/** The address of the list with another value of one parameter, from its first page. */
function withParam(params: SearchParams, name: string, value: string | undefined): string {
  const kept = Object.entries({ ...params, [name]: value }).filter(
    ([key, kept]) =>
      typeof kept === "string" && kept !== "" && (name === "event" || !/^(after|before|event)$/.test(key)),
  );
  const query = new URLSearchParams(kept as [string, string][]).toString();
  return query === "" ? "/audit-log" : `/audit-log?${query}`;
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function exportHref(format: "jsonl" | "csv" | "xlsx", filters: Record<string, string | undefined>): string {
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
