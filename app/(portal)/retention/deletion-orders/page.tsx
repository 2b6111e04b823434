import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { orderCleanupAction, previewCleanupAction } from "@/app/(portal)/retention/deletion-orders/actions";
import { CleanupForm } from "@/components/deletion-orders/deletion-order-form";
import { CleanupsTable } from "@/components/deletion-orders/deletion-orders-table";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { isAllowed } from "@/lib/operation/permissions";
import { listCleanups } from "@/lib/deletion/orders/list-deletion-orders";
import { loadPage } from "@/lib/http/load-page";
import { pageContext } from "@/lib/http/page-context";
import { pageLink } from "@/lib/http/page-link";
import type { SearchParams } from "@/lib/http/read-filters";
import { listRecordingFacets } from "@/lib/recordings/list-recording-facets";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("deletionOrders"))("title") };
}

export default async function CleanupPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const cursor = (name: "after" | "before") => (typeof params[name] === "string" ? params[name] : undefined);
  const [t, { context }, cleanups, facets] = await Promise.all([
    getTranslations("deletionOrders"),
    pageContext(),
    loadPage(listCleanups, { after: cursor("after"), before: cursor("before") }),
    loadPage(listRecordingFacets, {}),
  ]);
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      <div className="grid gap-4">
        {isAllowed(context.actor, "cleanup:order") ? (
          <CleanupForm facets={facets} preview={previewCleanupAction} order={orderCleanupAction} />
        ) : null}
        <Card aria-labelledby="orders">
          <CardHeader id="orders" title={t("orders.title")} />
          <CleanupsTable
            cleanups={cleanups.rows}
            facets={facets}
            mayIssueReceipts={isAllowed(context.actor, "receipt:issue")}
          />
          {cleanups.before || cleanups.after ? (
            <CardBody className="border-t border-line py-2.5">
              <Pagination
                newerHref={pageLink("/retention/deletion-orders", params, "before", cleanups.before)}
                olderHref={pageLink("/retention/deletion-orders", params, "after", cleanups.after)}
              />
            </CardBody>
          ) : null}
        </Card>
      </div>
    </>
  );
}
