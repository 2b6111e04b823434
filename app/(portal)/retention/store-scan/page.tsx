import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { startStoreScanAction } from "@/app/(portal)/retention/store-scan/actions";
import { ScanStatusCard } from "@/components/store-scan/scan-status-card";
import { FindingsTable } from "@/components/store-scan/findings-table";
import { StartStoreScan } from "@/components/store-scan/start-store-scan";
import { ChoiceFilterBar } from "@/components/table/choice-filter-bar";
import { Card, CardBody } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { discrepancyKinds } from "@/lib/store-scan/found-discrepancy";
import { findingFilters, findingStates, listFindings } from "@/lib/store-scan/list-findings";
import { readScanStatus } from "@/lib/store-scan/read-scan-status";
import { loadPage } from "@/lib/http/load-page";
import { pageLink, readFilters, type SearchParams } from "@/lib/http/page-address";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("storeScan"))("title") };
}

export default async function StoreScanPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const cursor = (name: "after" | "before") => (typeof params[name] === "string" ? params[name] : undefined);
  const filters = readFilters(findingFilters, params);
  const [t, status, page] = await Promise.all([
    getTranslations("storeScan"),
    loadPage(readScanStatus, {}),
    loadPage(listFindings, { ...filters, after: cursor("after"), before: cursor("before") }),
  ]);
  const [kinds, states] = [
    discrepancyKinds.map((value) => ({ value, label: t(`kinds.${value}`) })),
    findingStates.map((value) => ({ value, label: t(`states.${value}`) })),
  ];
  const unresolved = t("filters.unresolved");
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      <div className="grid gap-4">
        <ScanStatusCard
          status={status}
          button={
            status.mayStart && status.run?.state !== "running" ? <StartStoreScan action={startStoreScanAction} /> : null
          }
        />
        <Card>
          <CardBody className="border-b border-line">
            <ChoiceFilterBar
              action="/retention/store-scan"
              filters={[
                { name: "kind", label: t("filters.kind"), value: filters.kind, options: kinds },
                { name: "state", label: t("filters.state"), value: filters.state, options: states, any: unresolved },
              ]}
            />
          </CardBody>
          <FindingsTable findings={page.rows} />
          {page.before || page.after ? (
            <CardBody className="border-t border-line py-2.5">
              <Pagination
                newerHref={pageLink("/retention/store-scan", params, "before", page.before)}
                olderHref={pageLink("/retention/store-scan", params, "after", page.after)}
              />
            </CardBody>
          ) : null}
        </Card>
      </div>
    </>
  );
}
