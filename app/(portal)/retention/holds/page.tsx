import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { HoldsTable } from "@/components/legal-holds/holds-table";
import { Card, CardBody } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { loadPage } from "@/lib/http/load-page";
import { pageLink } from "@/lib/http/page-link";
import { readFilters, type SearchParams } from "@/lib/http/read-filters";
import { holdFilters, listHolds } from "@/lib/legal-holds/list-holds";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("holds"))("title") };
}

export default async function HoldsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const cursor = (name: "after" | "before") => (typeof params[name] === "string" ? params[name] : undefined);
  const [t, page] = await Promise.all([getTranslations("holds"), loadPage(listHolds, { ...readFilters(holdFilters, params), after: cursor("after"), before: cursor("before") })]);
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      <Card>
        <HoldsTable holds={page.rows} />
        {page.before || page.after ? (
          <CardBody className="border-t border-line py-2.5">
            <Pagination newerHref={pageLink("/retention/holds", params, "before", page.before)} olderHref={pageLink("/retention/holds", params, "after", page.after)} />
          </CardBody>
        ) : null}
      </Card>
    </>
  );
}
