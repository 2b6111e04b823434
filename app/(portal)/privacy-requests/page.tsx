import { Plus } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { ProtocolSearch } from "@/components/subject-requests/protocol-search";
import { RequestFilterBar } from "@/components/subject-requests/request-filter-bar";
import { RequestsTable } from "@/components/subject-requests/requests-table";
import { Button } from "@/components/ui/button";
import { Card, CardBody } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { loadPage } from "@/lib/http/load-page";
import { pageContext } from "@/lib/http/page-context";
import { pageLink, readFilters, type SearchParams } from "@/lib/http/page-address";
import { isAllowed } from "@/lib/operation/permissions";
import { listAssignees } from "@/lib/subject-requests/list-assignees";
import { filterChoices, listRequests, requestFilters } from "@/lib/subject-requests/list-requests";
import { readProtocolNumber } from "@/lib/subject-requests/protocol-number";

const path = "/privacy-requests";
const noRequests = { rows: [], before: null, after: null };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("subjectRequests"))("title") };
}

export default async function PrivacyRequestsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const cursor = (name: "after" | "before") => (typeof params[name] === "string" ? params[name] : undefined);
  const filters = readFilters(requestFilters, params);
  // A text that is no protocol number finds nothing, and the form says so.
  const isNoProtocol = Boolean(filters.protocol) && readProtocolNumber(filters.protocol!) === null;
  const [t, { context }, assignees, page] = await Promise.all([
    getTranslations("subjectRequests"),
    pageContext(),
    loadPage(listAssignees, {}),
    isNoProtocol
      ? noRequests
      : loadPage(listRequests, { ...filters, after: cursor("after"), before: cursor("before") }),
  ]);
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={
          <>
            <Button asChild>
              <Link href="/privacy-requests/statistics">{t("statistics.title")}</Link>
            </Button>
            <Button asChild>
              <Link href="/privacy-requests/deadlines">{t("deadlines.link")}</Link>
            </Button>
            {isAllowed(context.actor, "subject-request:register") ? <RegisterLink label={t("intake.title")} /> : null}
          </>
        }
      />
      <Card>
        <div className="grid gap-3 border-b border-line p-4">
          <ProtocolSearch protocol={filters.protocol} isInvalid={isNoProtocol} />
          <RequestFilterBar filters={filters} choices={filterChoices} assignees={assignees} />
        </div>
        <RequestsTable requests={page.rows} isNarrowed={Object.values(filters).some(Boolean)} />
        {page.before || page.after ? (
          <CardBody className="border-t border-line py-2.5">
            <Pagination
              newerHref={pageLink(path, params, "before", page.before)}
              olderHref={pageLink(path, params, "after", page.after)}
            />
          </CardBody>
        ) : null}
      </Card>
    </>
  );
}

function RegisterLink({ label }: { label: string }) {
  return (
    <Button asChild variant="primary">
      <Link href="/privacy-requests/new">
        <Plus aria-hidden />
        {label}
      </Link>
    </Button>
  );
}
