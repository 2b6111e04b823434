import { Plus } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { ProtocolSearch } from "@/components/subject-requests/protocol-search";
import { RequestsTable } from "@/components/subject-requests/requests-table";
import { ChoiceFilterBar, type ChoiceFilter } from "@/components/table/choice-filter-bar";
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
type Filters = ReturnType<typeof readRequestFilters>;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("subjectRequests"))("title") };
}

/** A text that is no protocol number finds nothing, and the form says so. */
function readRequestFilters(params: SearchParams) {
  const filters = readFilters(requestFilters, params);
  return { ...filters, isNoProtocol: Boolean(filters.protocol) && readProtocolNumber(filters.protocol!) === null };
}

export default async function PrivacyRequestsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const cursor = (name: "after" | "before") => (typeof params[name] === "string" ? params[name] : undefined);
  const { isNoProtocol, ...filters } = readRequestFilters(params);
  const [t, { context }, page, filterBar] = await Promise.all([
    getTranslations("subjectRequests"),
    pageContext(),
    isNoProtocol
      ? { rows: [], before: null, after: null }
      : loadPage(listRequests, { ...filters, after: cursor("after"), before: cursor("before") }),
    filterBarOf(filters),
  ]);
  const register = (
    <Button asChild variant="primary">
      <Link href="/privacy-requests/new">
        <Plus aria-hidden />
        {t("intake.title")}
      </Link>
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={
          <>
            <Button asChild>
              <Link href="/privacy-requests/deadlines">{t("deadlines.link")}</Link>
            </Button>
            {isAllowed(context.actor, "subject-request:register") ? register : null}
          </>
        }
      />
      <Card>
        <div className="grid gap-3 border-b border-line p-4">
          <ProtocolSearch protocol={filters.protocol} isInvalid={isNoProtocol} />
          <ChoiceFilterBar action={path} filters={filterBar} />
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

async function filterBarOf(filters: Omit<Filters, "isNoProtocol">): Promise<ChoiceFilter[]> {
  const [t, assignees] = await Promise.all([getTranslations("subjectRequests"), loadPage(listAssignees, {})]);
  const view: string | undefined = filters.view === "open" ? undefined : filters.view;
  return [
    {
      ...{ name: "view", label: t("columns.view"), any: t("views.open"), value: view },
      options: filterChoices.views
        .filter((value) => value !== "open")
        .map((value) => ({ value, label: t(`views.${value}`) })),
    },
    {
      ...{ name: "state", label: t("columns.state"), value: filters.state },
      options: filterChoices.states.map((value) => ({ value, label: t(`states.${value}`) })),
    },
    {
      ...{ name: "right", label: t("columns.right"), value: filters.right },
      options: filterChoices.rights.map((value) => ({ value, label: t(`rights.${value}`) })),
    },
    {
      ...{ name: "channel", label: t("columns.channel"), value: filters.channel },
      options: filterChoices.channels.map((value) => ({ value, label: t(`channels.${value}`) })),
    },
    {
      ...{ name: "assigneeId", label: t("columns.assignee"), value: filters.assigneeId },
      options: [
        { value: "none", label: t("assign.nobody") },
        ...assignees.map(({ id, name }) => ({ value: id, label: name })),
      ],
      otherLabel: t("assign.other"),
    },
  ];
}
