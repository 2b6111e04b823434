import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { DueCalendar } from "@/components/retention/due-calendar";
import { FailedDeletions } from "@/components/deletion/failed-deletions";
import { WaitingReasons } from "@/components/deletion/waiting-list";
import { WaitingTable } from "@/components/deletion/waiting-table";
import { RetentionAlarms } from "@/components/overview/retention-alarms";
import { RetentionSummary } from "@/components/overview/retention-summary";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { isAllowed } from "@/lib/operation/permissions";
import { today } from "@/lib/core/time";
import { readScanStatus } from "@/lib/store-scan/read-scan-status";
import { loadPage } from "@/lib/http/load-page";
import { pageContext } from "@/lib/http/page-context";
import { countHolds } from "@/lib/legal-holds/count-holds";
import type { Operation } from "@/lib/operation/operation";
import { forecastRetention } from "@/lib/retention/forecast-retention";
import { readWaitingDeletions } from "@/lib/deletion/waiting-deletions";
import { listFailedDeletions } from "@/lib/deletion/list-failed-deletions";
import { isOffered } from "@/lib/retention/policies/legal-bases";
import { listRetentionPolicies } from "@/lib/retention/policies/list-retention-policies";
import type { RetentionPolicyRow } from "@/lib/retention/policies/policy-selection";
import { listRetentionRuns } from "@/lib/deletion/runs/list-retention-runs";
import { readRetentionHealth } from "@/lib/overview/retention-health";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("retention"))("title") };
}

/** Reads a part of the page; undefined if the reader may not see it. */
async function ifAllowed<Input, Result>(
  operation: Operation<Input, Result>,
  input: Input,
): Promise<Result | undefined> {
  const { context } = await pageContext();
  return isAllowed(context.actor, operation.operation.permission) ? loadPage(operation, input) : undefined;
}

/** Its basis was chosen before it matched, or as the default governed, a recording with sensitive content. */
const needsBasis = ({ legalBasis, hasSensitiveContent }: RetentionPolicyRow) =>
  !isOffered(legalBasis, hasSensitiveContent ? "yes" : "unknown");

export default async function RetentionPage() {
  const [t, calendar, forecast, holds, health, policies, failed, last, scan, waiting] = await Promise.all([
    getTranslations("retention"),
    getTranslations("dueCalendar"),
    loadPage(forecastRetention, {}),
    ifAllowed(countHolds, {}),
    ifAllowed(readRetentionHealth, {}),
    ifAllowed(listRetentionPolicies, {}),
    ifAllowed(listFailedDeletions, {}),
    ifAllowed(listRetentionRuns, { limit: 1 }),
    ifAllowed(readScanStatus, {}),
    loadPage(readWaitingDeletions, {}),
  ]);
  const policyReviews = policies?.filter(({ reviewOn }) => reviewOn < today());
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      <div className="grid gap-4">
        <RetentionAlarms
          health={health}
          severeDiscrepancies={health?.severeDiscrepancies}
          hasPolicies={policies === undefined || policies.length > 0}
          failedDeletions={failed?.total}
          doubtfulDates={health?.doubtfulDates}
          holdReviews={holds?.reviewDue}
          policyReviews={policyReviews}
          basisReviews={policies?.filter(needsBasis)}
        />
        <Card aria-label={t("summary.title")}>
          <CardBody>
            <RetentionSummary
              policies={policies?.length}
              holds={holds?.inForce}
              discrepancies={scan?.open.reduce((sum, { open }) => sum + open, 0)}
              lastRun={last && (last.runs[0] ?? null)}
            />
          </CardBody>
        </Card>
        <Card aria-labelledby="due">
          <CardHeader id="due" title={calendar("title")} description={calendar("description")} />
          <DueCalendar forecast={forecast} waiting={waiting.total} />
        </Card>
        {waiting.total > 0 ? (
          <Card aria-labelledby="waiting">
            <CardHeader
              id="waiting"
              title={t("waiting.title")}
              description={t("waiting.description", { count: waiting.total })}
            />
            <CardBody>
              <WaitingReasons reasons={waiting.reasons} />
            </CardBody>
            <WaitingTable recordings={waiting.recordings} />
          </Card>
        ) : null}
        {failed && failed.total > 0 ? (
          <Card aria-labelledby="failed">
            <CardHeader
              id="failed"
              title={t("failed.title")}
              description={t("failed.description", { count: failed.total })}
            />
            <FailedDeletions failed={failed} />
          </Card>
        ) : null}
      </div>
    </>
  );
}
