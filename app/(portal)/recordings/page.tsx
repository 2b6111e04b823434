import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { findCalls } from "@/app/(portal)/recordings/actions";
import { ControllerNotice } from "@/components/overview/controller-notice";
import { CallSearch } from "@/components/recordings/call-search";
import { DueNotice } from "@/components/recordings/due-notice";
import { NumberMatchNotice } from "@/components/recordings/number-match-notice";
import { QuarantineNotice } from "@/components/recordings/quarantine-notice";
import { RecordingFilterBar } from "@/components/recordings/recording-filter-bar";
import { RecordingsTable } from "@/components/recordings/recordings-table";
import { readHiddenColumns } from "@/components/table/read-hidden-columns";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { readController } from "@/lib/access/controller/read-controller";
import { isAllowed } from "@/lib/operation/permissions";
import { loadPage } from "@/lib/http/load-page";
import { pageContext } from "@/lib/http/page-context";
import { pageLink, type SearchParams } from "@/lib/http/page-address";
import { listRecordingFacets } from "@/lib/recordings/list-recording-facets";
import { listRecordings } from "@/lib/recordings/list-recordings";
import { countQuarantined } from "@/lib/recordings/quarantine/count-quarantined";
import { findsCandidates } from "@/lib/recordings/recording-conditions";
import { readListRequest } from "@/lib/http/recording-list-request";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("recordings"))("title") };
}

export default async function RecordingsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const request = readListRequest(params);
  const { filters, sort, after, before } = request;
  const [t, page, facets, hiddenColumns, { context }] = await Promise.all([
    getTranslations("recordings"),
    loadPage(listRecordings, { ...filters, sort, after, before }),
    loadPage(listRecordingFacets, { unitId: filters.unitId }),
    readHiddenColumns("recordings"),
    pageContext(),
  ]);
  const mayReadQuarantined = isAllowed(context.actor, "recording:read-quarantined");
  const left = mayReadQuarantined && !filters.quarantined ? (await loadPage(countQuarantined, filters)).recordings : 0;
  // Whoever manages users sees the notice on their page.
  const seesNotice = isAllowed(context.actor, "controller:write") && !isAllowed(context.actor, "user:list");
  const hasCandidates = findsCandidates(filters);
  const isLastFour = findsCandidates({ number: filters.number });
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={<CallSearch action={findCalls} mayFindTaxId={isAllowed(context.actor, "recording:find-tax-id")} />}
      />
      {seesNotice ? <ControllerNotice settings={await loadPage(readController, {})} /> : null}
      <div className="grid gap-4">
        <RecordingFilterBar request={request} facets={facets} mayReadQuarantined={mayReadQuarantined} />
        <QuarantineNotice filters={filters} left={left} />
        <DueNotice filters={filters} />
        <NumberMatchNotice filters={filters} findsCandidates={hasCandidates} isLastFour={isLastFour} />
        <Card>
          <RecordingsTable
            rows={page.rows}
            sort={sort}
            hiddenColumns={hiddenColumns}
            filters={filters}
            mayHold={!hasCandidates && isAllowed(context.actor, "legal-hold:place")}
          />
        </Card>
        {page.before || page.after ? (
          <Pagination
            newerHref={pageLink("/recordings", params, "before", page.before)}
            olderHref={pageLink("/recordings", params, "after", page.after)}
          />
        ) : null}
      </div>
    </>
  );
}
