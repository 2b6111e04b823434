import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import {
  addSharerAction,
  assignRequestAction,
  closeSharerTaskAction,
  confirmIdentityAction,
  issueAnswerAction,
  issueFollowUpCodeAction,
  moveRightsAction,
  reopenRequestAction,
} from "@/app/(portal)/privacy-requests/actions";
import { AssignRequest } from "@/components/subject-requests/assign-request";
import { RelatedRequests } from "@/components/subject-requests/related-requests";
import { RequestAnswers } from "@/components/subject-requests/request-answers";
import { RequestFacts } from "@/components/subject-requests/request-facts";
import { RequestHistory } from "@/components/subject-requests/request-history";
import { RequestMandates } from "@/components/subject-requests/request-mandates";
import { RequestRights } from "@/components/subject-requests/request-rights";
import { RequestSharers } from "@/components/subject-requests/request-sharers";
import { RequestSteps } from "@/components/subject-requests/request-steps";
import { Badge } from "@/components/ui/badge";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { newId } from "@/lib/core/new-id";
import { loadPage } from "@/lib/http/load-page";
import { readAnswers } from "@/lib/subject-requests/answer/read-answers";
import { listAssignees } from "@/lib/subject-requests/list-assignees";
import { formatProtocol } from "@/lib/i18n/format";
import { listRelatedRequests } from "@/lib/subject-requests/list-related-requests";
import { listSharerTasks } from "@/lib/subject-requests/sharers/list-sharer-tasks";
import { readRequest } from "@/lib/subject-requests/read-request";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("subjectRequests"))("pageTitle") };
}

export default async function PrivacyRequestPage({ params }: { params: Promise<{ requestId: string }> }) {
  const { requestId } = await params;
  const request = await loadPage(readRequest, { requestId });
  const [t, answers, sharers, related, assignees] = await Promise.all([
    getTranslations("subjectRequests"),
    loadPage(readAnswers, { requestId }),
    loadPage(listSharerTasks, { requestId }),
    loadPage(listRelatedRequests, { requestId }),
    request.mayWork ? loadPage(listAssignees, {}) : [],
  ]);
  const { isOpen, closedAt } = request;
  const status = isOpen ? "open" : closedAt ? "closed" : "ended";
  const actions = (
    <>
      {request.mayWork ? <AssignRequest request={request} assignees={assignees} action={assignRequestAction} /> : null}
      <RequestSteps
        request={request}
        move={moveRightsAction}
        identity={{ checkId: newId(), confirm: confirmIdentityAction }}
      />
    </>
  );
  return (
    <>
      <PageHeader
        title={t("detail.title", { protocol: formatProtocol(request.protocol) })}
        parent={{ href: "/privacy-requests", label: t("title") }}
        status={
          <>
            <Badge tone={isOpen ? "info" : "neutral"}>{t(`detail.status.${status}`)}</Badge>
            {isOpen && request.isUnproven ? <Badge tone="caution">{t("views.unproven")}</Badge> : null}
          </>
        }
        actions={actions}
      />
      <div className="grid gap-4">
        <Card aria-labelledby="rights">
          <CardHeader id="rights" title={t("detail.rights")} description={t("detail.rightsDescription")} />
          <RequestRights request={request} reopen={reopenRequestAction} />
        </Card>
        <Card aria-labelledby="answers">
          <CardHeader id="answers" title={t("answers.title")} />
          <RequestAnswers
            request={request}
            answers={answers}
            issue={issueAnswerAction}
            issueCode={issueFollowUpCodeAction}
          />
        </Card>
        {sharers.length > 0 || request.mayWork ? (
          <Card aria-labelledby="sharers">
            <CardHeader id="sharers" title={t("sharers.title")} description={t("sharers.description")} />
            <RequestSharers
              request={request}
              tasks={sharers}
              newTaskId={newId()}
              add={addSharerAction}
              close={closeSharerTaskAction}
            />
          </Card>
        ) : null}
        <Card aria-labelledby="facts">
          <CardHeader id="facts" title={t("detail.facts")} />
          <CardBody className="py-2">
            <RequestFacts request={request} />
          </CardBody>
        </Card>
        {related.length > 0 ? (
          <Card aria-labelledby="related">
            <CardHeader id="related" title={t("related.title")} description={t("related.description")} />
            <RelatedRequests related={related} />
          </Card>
        ) : null}
        {request.mandates.length > 0 ? (
          <Card aria-labelledby="mandates">
            <CardHeader id="mandates" title={t("mandates.title")} description={t("mandates.description")} />
            <RequestMandates request={request} />
          </Card>
        ) : null}
        <Card aria-labelledby="history">
          <CardHeader id="history" title={t("detail.history")} />
          <RequestHistory events={request.events} />
        </Card>
      </div>
    </>
  );
}
