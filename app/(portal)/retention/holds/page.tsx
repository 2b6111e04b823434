import { Plus } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { searchHoldsAction } from "@/app/(portal)/retention/holds/actions";
import { HoldsList } from "@/components/legal-holds/holds-list";
import { ChoiceFilterBar } from "@/components/table/choice-filter-bar";
import { Button } from "@/components/ui/button";
import { Card, CardBody } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { isAllowed } from "@/lib/operation/permissions";
import { loadPage } from "@/lib/http/load-page";
import { pageContext } from "@/lib/http/page-context";
import { pageLink, readFilters, type SearchParams } from "@/lib/http/page-address";
import { listHoldFacets } from "@/lib/legal-holds/list-hold-facets";
import { holdFilters, holdStates, listHolds } from "@/lib/legal-holds/list-holds";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("holds"))("title") };
}

export default async function HoldsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const cursor = (name: "after" | "before") => (typeof params[name] === "string" ? params[name] : undefined);
  const filters = readFilters(holdFilters, params);
  const [t, { context }, page, { owners }] = await Promise.all([
    getTranslations("holds"),
    pageContext(),
    loadPage(listHolds, { ...filters, after: cursor("after"), before: cursor("before") }),
    loadPage(listHoldFacets, {}),
  ]);
  const byState = {
    ...{ name: "state", label: t("columns.state"), value: filters.state },
    options: holdStates.map((value) => ({ value, label: t(`states.${value}`) })),
  };
  const byOwner = {
    ...{ name: "ownerId", label: t("columns.owner"), value: filters.ownerId, otherLabel: t("list.anotherOwner") },
    options: owners.map(({ id, name }) => ({ value: id, label: name })),
  };
  const create = (
    <Button asChild variant="primary">
      <Link href="/retention/holds/new">
        <Plus aria-hidden />
        {t("create")}
      </Link>
    </Button>
  );
  const pages =
    page.before || page.after ? (
      <CardBody className="border-t border-line py-2.5">
        <Pagination
          newerHref={pageLink("/retention/holds", params, "before", page.before)}
          olderHref={pageLink("/retention/holds", params, "after", page.after)}
        />
      </CardBody>
    ) : null;
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={isAllowed(context.actor, "legal-hold:place") ? create : null}
      />
      <Card>
        {/* Other filters make another list: search results of the old filters are discarded. */}
        <HoldsList
          key={JSON.stringify(filters)}
          page={page}
          filters={filters}
          searchAction={searchHoldsAction}
          filterBar={<ChoiceFilterBar action="/retention/holds" filters={[byState, byOwner]} />}
          pages={pages}
        />
      </Card>
    </>
  );
}
