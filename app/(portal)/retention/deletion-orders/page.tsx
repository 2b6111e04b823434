import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { orderDeletionAction, previewDeletionOrderAction } from "@/app/(portal)/retention/deletion-orders/actions";
import { DeletionOrderForm } from "@/components/deletion/orders/deletion-order-form";
import { DeletionOrdersTable } from "@/components/deletion/orders/deletion-orders-table";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { isAllowed } from "@/lib/operation/permissions";
import { listDeletionOrders } from "@/lib/deletion/orders/list-deletion-orders";
import { loadPage } from "@/lib/http/load-page";
import { pageContext } from "@/lib/http/page-context";
import { pageLink, type SearchParams } from "@/lib/http/page-address";
import { listRecordingFacets } from "@/lib/recordings/list-recording-facets";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("deletionOrders"))("title") };
}

export default async function DeletionOrdersPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const cursor = (name: "after" | "before") => (typeof params[name] === "string" ? params[name] : undefined);
  const [t, { context }, orders, facets] = await Promise.all([
    getTranslations("deletionOrders"),
    pageContext(),
    loadPage(listDeletionOrders, { after: cursor("after"), before: cursor("before") }),
    loadPage(listRecordingFacets, {}),
  ]);
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      <div className="grid gap-4">
        {isAllowed(context.actor, "deletion-order:order") ? (
          <DeletionOrderForm facets={facets} preview={previewDeletionOrderAction} order={orderDeletionAction} />
        ) : null}
        <Card>
          <CardHeader title={t("orders.title")} />
          <DeletionOrdersTable
            orders={orders.rows}
            facets={facets}
            mayIssueReceipts={isAllowed(context.actor, "receipt:issue")}
          />
          {orders.before || orders.after ? (
            <CardBody className="border-t border-line py-2.5">
              <Pagination
                newerHref={pageLink("/retention/deletion-orders", params, "before", orders.before)}
                olderHref={pageLink("/retention/deletion-orders", params, "after", orders.after)}
              />
            </CardBody>
          ) : null}
        </Card>
      </div>
    </>
  );
}
