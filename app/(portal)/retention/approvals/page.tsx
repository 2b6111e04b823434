import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import {
  decideDeletionOrderAction,
  decideHoldReleaseAction,
  decideMinimumReductionAction,
  decideRequestAction,
  withdrawDeletionOrderAction,
  withdrawHoldReleaseAction,
  withdrawMinimumReductionAction,
  withdrawRequestAction,
} from "@/app/(portal)/retention/approvals/actions";
import { ApprovalList, type ApprovalActions } from "@/components/approvals/approval-list";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { listApprovals } from "@/lib/overview/list-approvals";
import { loadPage } from "@/lib/http/load-page";
import { pageLink, type SearchParams } from "@/lib/http/page-address";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("approvals"))("title") };
}

/** The commands that decide and withdraw each kind of approval request. */
const actions: ApprovalActions = {
  deletion_order: { decide: decideDeletionOrderAction, withdraw: withdrawDeletionOrderAction },
  policy_floor: { decide: decideMinimumReductionAction, withdraw: withdrawMinimumReductionAction },
  subject_request: { decide: decideRequestAction, withdraw: withdrawRequestAction },
  hold_release: { decide: decideHoldReleaseAction, withdraw: withdrawHoldReleaseAction },
};

export default async function ApprovalsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const cursor = (name: "after" | "before") => (typeof params[name] === "string" ? params[name] : undefined);
  const [t, pending, decided] = await Promise.all([
    getTranslations("approvals"),
    loadPage(listApprovals, { state: "pending", limit: 100 }),
    loadPage(listApprovals, { state: "decided", after: cursor("after"), before: cursor("before"), limit: 20 }),
  ]);
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      <div className="grid gap-4">
        <Card aria-labelledby="pending">
          <CardHeader
            id="pending"
            title={t("pending.title")}
            description={pending.after ? t("pending.more") : undefined}
          />
          <ApprovalList
            approvals={pending.rows}
            actions={actions}
            emptyTitle={t("pending.emptyTitle")}
            emptyDescription={t("pending.emptyDescription")}
          />
        </Card>
        <Card aria-labelledby="decided">
          <CardHeader id="decided" title={t("decided.title")} />
          <ApprovalList
            approvals={decided.rows}
            actions={actions}
            emptyTitle={t("decided.emptyTitle")}
            emptyDescription={t("decided.emptyDescription")}
          />
          {decided.before || decided.after ? (
            <CardBody className="border-t border-line py-2.5">
              <Pagination
                newerHref={pageLink("/retention/approvals", params, "before", decided.before)}
                olderHref={pageLink("/retention/approvals", params, "after", decided.after)}
              />
            </CardBody>
          ) : null}
        </Card>
      </div>
    </>
  );
}
