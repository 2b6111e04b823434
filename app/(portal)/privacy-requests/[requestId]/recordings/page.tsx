import type { Metadata, Route } from "next";
import { getTranslations } from "next-intl/server";
import {
  decideMatchesAction,
  findRecordingsAction,
  includeExactAction,
  moveRightsAction,
} from "@/app/(portal)/privacy-requests/actions";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import { DecideMatches } from "@/components/subject-requests/decide-matches";
import { MatchSearch } from "@/components/subject-requests/match-search";
import { MatchTabs } from "@/components/subject-requests/match-tabs";
import { MatchesTable } from "@/components/subject-requests/matches-table";
import { SearchHistory } from "@/components/subject-requests/search-history";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { loadPage } from "@/lib/http/load-page";
import { pageLink, readFilters, type SearchParams } from "@/lib/http/page-address";
import { formatProtocol } from "@/lib/i18n/format";
import { listMatches, matchFilters } from "@/lib/subject-requests/finding/list-matches";
import { readSearches } from "@/lib/subject-requests/finding/read-searches";
import { readRequest } from "@/lib/subject-requests/read-request";

type RecordingsPageProps = { params: Promise<{ requestId: string }>; searchParams: Promise<SearchParams> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("subjectRequests.finding"))("title") };
}

export default async function RequestRecordingsPage({ params, searchParams }: RecordingsPageProps) {
  const [{ requestId }, search, t] = await Promise.all([params, searchParams, getTranslations("subjectRequests")]);
  const { view = "exact" } = readFilters(matchFilters, search);
  const cursor = (name: "after" | "before") => (typeof search[name] === "string" ? search[name] : undefined);
  const [request, { searches, counts }, page] = await Promise.all([
    loadPage(readRequest, { requestId }),
    loadPage(readSearches, { requestId }),
    loadPage(listMatches, { requestId, view, after: cursor("after"), before: cursor("before") }),
  ]);
  const path = `/privacy-requests/${requestId}`;
  const isIn = (state: string) => request.rights.some((right) => right.state === state);
  const maySearch = request.mayWork && ["triage", "finding", "analysing"].some(isIn);
  const mayDecide = request.mayWork && isIn("finding");
  const protocol = formatProtocol(request.protocol);
  return (
    <>
      <PageHeader
        title={t("finding.title")}
        parent={{ href: path as Route, label: t("detail.title", { protocol }) }}
        actions={
          mayDecide ? (
            <ConfirmedAction
              trigger={<Button variant="primary">{t("finding.analyse")}</Button>}
              title={t("finding.analyse")}
              description={t("finding.analyseHint")}
              confirmLabel={t("finding.analyse")}
              tone="primary"
              action={moveRightsAction}
              fields={{ requestId, step: "analyse" }}
              done={t("finding.analysing")}
            />
          ) : null
        }
      />
      <div className="grid gap-4">
        <Card aria-labelledby="search">
          <CardHeader id="search" title={t("finding.search")} description={t("finding.searchDescription")} />
          {maySearch ? <MatchSearch request={request} action={findRecordingsAction} /> : null}
          <SearchHistory searches={searches} timeZone={request.timeZone} />
        </Card>
        {searches.length === 0 ? null : (
          <Card aria-label={t("finding.views.label")}>
            <MatchTabs requestId={requestId} current={view} counts={counts} />
            {page.rows.length === 0 ? (
              <p className="px-4 py-3 text-ink-muted">{t(`finding.none.${view}`)}</p>
            ) : mayDecide ? (
              <DecideMatches
                key={view}
                requestId={requestId}
                rows={page.rows}
                decide={decideMatchesAction}
                includeExact={view === "exact" ? includeExactAction : null}
              />
            ) : (
              <MatchesTable
                rows={page.rows}
                mayChoose={false}
                audioPath={request.mayWork ? `${path}/recordings` : undefined}
              />
            )}
            {page.before || page.after ? (
              <CardBody className="border-t border-line py-2.5">
                <Pagination
                  newerHref={pageLink(`${path}/recordings`, search, "before", page.before)}
                  olderHref={pageLink(`${path}/recordings`, search, "after", page.after)}
                />
              </CardBody>
            ) : null}
          </Card>
        )}
      </div>
    </>
  );
}
