import type { Metadata, Route } from "next";
import { getTranslations } from "next-intl/server";
import {
  decideRecordingsAction,
  decideRightAction,
  submitDecisionAction,
} from "@/app/(portal)/privacy-requests/[requestId]/decisions/actions";
import { ApproversNotice } from "@/components/subject-requests/deciding/approvers-notice";
import { DecideRecordings } from "@/components/subject-requests/deciding/decide-recordings";
import { DecideRight } from "@/components/subject-requests/deciding/decide-right";
import { DecisionTable } from "@/components/subject-requests/deciding/decision-table";
import { FirstStep, isBefore } from "@/components/subject-requests/deciding/first-step";
import { RightTabs } from "@/components/subject-requests/deciding/right-tabs";
import { SubmitDecision } from "@/components/subject-requests/deciding/submit-decision";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { loadPage } from "@/lib/http/load-page";
import { pageLink, type SearchParams } from "@/lib/http/page-address";
import { formatProtocol } from "@/lib/i18n/format";
import { listDecisions } from "@/lib/subject-requests/deciding/list-decisions";
import { readDecisions } from "@/lib/subject-requests/deciding/read-decisions";
import { readRequest } from "@/lib/subject-requests/read-request";

type DecisionsPageProps = { params: Promise<{ requestId: string }>; searchParams: Promise<SearchParams> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("subjectRequests.deciding"))("title") };
}

export default async function RequestDecisionsPage({ params, searchParams }: DecisionsPageProps) {
  const [{ requestId }, search, t] = await Promise.all([params, searchParams, getTranslations("subjectRequests")]);
  const [request, decisions] = await Promise.all([
    loadPage(readRequest, { requestId }),
    loadPage(readDecisions, { requestId }),
  ]);
  const { rights, included, approvers } = decisions;
  const current =
    rights.find(({ id }) => id === search.right) ?? rights.find(({ state }) => state === "analysing") ?? rights[0]!;
  const cursor = (name: "after" | "before") => (typeof search[name] === "string" ? search[name] : undefined);
  const list = { requestId, processId: current.id, after: cursor("after"), before: cursor("before") };
  const page = current.each.length > 0 ? await loadPage(listDecisions, list) : null;
  const path = `/privacy-requests/${requestId}`;
  const mayDecide = request.mayWork && current.state === "analysing";
  const needsForm = mayDecide && page !== null && page.rows.length > 0;
  return (
    <>
      <PageHeader
        title={t("deciding.title")}
        parent={{ href: path as Route, label: t("detail.title", { protocol: formatProtocol(request.protocol) }) }}
        actions={
          mayDecide ? <SubmitDecision requestId={requestId} right={current} action={submitDecisionAction} /> : null
        }
      />
      <div className="grid gap-4">
        <FirstStep state={current.state} />
        {request.mayWork ? <ApproversNotice approvers={approvers} /> : null}
        <Card aria-label={t("deciding.rights")}>
          <RightTabs requestId={requestId} rights={rights} current={current.id} />
          {needsForm ? (
            <DecideRecordings
              key={current.id}
              requestId={requestId}
              right={current}
              rows={page.rows}
              action={decideRecordingsAction}
            />
          ) : page && page.rows.length > 0 ? (
            <DecisionTable rows={page.rows} mayChoose={false} />
          ) : page && !isBefore(current.state) ? (
            <p className="px-4 py-3 text-ink-muted">{t("deciding.nothingIncluded")}</p>
          ) : null}
          {page && (page.before || page.after) ? (
            <CardBody className="border-t border-line py-2.5">
              <Pagination
                newerHref={pageLink(`${path}/decisions`, search, "before", page.before)}
                olderHref={pageLink(`${path}/decisions`, search, "after", page.after)}
              />
            </CardBody>
          ) : null}
        </Card>
        <Card aria-labelledby="whole">
          <CardHeader
            id="whole"
            title={t("deciding.whole")}
            description={t(current.each.length > 0 ? "deciding.wholeRefusal" : "deciding.wholeAnswer", {
              count: included,
            })}
          />
          <DecideRight
            key={current.id}
            requestId={requestId}
            right={current}
            mayDecide={mayDecide}
            action={decideRightAction}
          />
        </Card>
      </div>
    </>
  );
}
