import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { z } from "zod";
import { ReceiptLinks } from "@/components/receipts/receipt-links";
import { RunFailures } from "@/components/deletion/runs/run-failures";
import { RunFigures } from "@/components/deletion/runs/run-figures";
import { RunHolds } from "@/components/deletion/runs/run-holds";
import { RunNotice } from "@/components/deletion/runs/run-notice";
import { RunRecordings } from "@/components/deletion/runs/run-recordings";
import { RunRest } from "@/components/deletion/runs/run-rest";
import { RunSharesTable } from "@/components/deletion/runs/run-shares-table";
import { RunState } from "@/components/deletion/runs/run-state";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { TimeText } from "@/components/ui/time-text";
import { isAllowed } from "@/lib/operation/permissions";
import { loadPage } from "@/lib/http/load-page";
import { pageContext } from "@/lib/http/page-context";
import { namedHolds } from "@/lib/retention/due-counts";
import { listRunFailures } from "@/lib/deletion/runs/list-run-failures";
import { listRunRecordings } from "@/lib/deletion/runs/list-run-recordings";
import { readRetentionRun } from "@/lib/deletion/runs/read-retention-run";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("runReport"))("pageTitle") };
}

const cursorParameter = z.uuid().optional().catch(undefined);

type RunPageProps = { params: Promise<{ runId: string }>; searchParams: Promise<Record<string, unknown>> };

export default async function RunPage({ params, searchParams }: RunPageProps) {
  const { runId } = await params;
  const { after, failedAfter } = await searchParams;
  const [cursor, failureCursor] = [cursorParameter.parse(after), cursorParameter.parse(failedAfter)];
  const run = await loadPage(readRetentionRun, { runId });
  const [t, runs, deleted, failures, { context }] = await Promise.all([
    getTranslations("runReport"),
    getTranslations("retention.runs"),
    loadPage(listRunRecordings, { runId, cursor }),
    loadPage(listRunFailures, { runId, cursor: failureCursor }),
    pageContext(),
  ]);
  const paging = (name: "after" | "failedAfter", current: string | undefined, next: string | null) =>
    current || next ? (
      <CardBody className="border-t border-line py-2.5">
        <Pagination
          newerHref={current ? `/retention/runs/${runId}` : undefined}
          olderHref={next ? `/retention/runs/${runId}?${name}=${next}` : undefined}
        />
      </CardBody>
    ) : null;
  return (
    <>
      <PageHeader
        title={t.rich("title", { time: () => <TimeText value={run.startedAt} as="seconds" /> })}
        status={<RunState state={run.state} />}
        parent={{ href: "/retention/runs", label: runs("title") }}
        actions={
          run.state !== "running" && run.deleted > 0 && isAllowed(context.actor, "receipt:issue") ? (
            <ReceiptLinks href={`/api/receipts/runs/${runId}`} />
          ) : null
        }
      />
      <div className="grid gap-4">
        <RunNotice run={run} />
        <Card aria-labelledby="figures">
          <CardHeader id="figures" title={t("figures.title")} />
          <CardBody>
            <RunFigures run={run} />
          </CardBody>
        </Card>
        <RunRest run={run} />
        {run.holds.length > 0 ? (
          <Card aria-labelledby="holds">
            <CardHeader id="holds" title={t("holds.title")} description={t("holds.description")} />
            <RunHolds holds={run.holds} most={namedHolds} />
          </Card>
        ) : null}
        {failures.rows.length > 0 ? (
          <Card aria-labelledby="failures">
            <CardHeader id="failures" title={t("failures.title")} description={t("failures.description")} />
            <RunFailures failures={failures.rows} />
            {paging("failedAfter", failureCursor, failures.nextCursor)}
          </Card>
        ) : null}
        {(["policy", "unit"] as const).map((by) =>
          run.byUnit.length > 0 ? (
            <Card key={by} aria-labelledby={by}>
              <CardHeader id={by} title={t(by === "policy" ? "shares.byPolicy" : "shares.byUnit")} />
              <RunSharesTable run={run} by={by} />
            </Card>
          ) : null,
        )}
        <Card aria-labelledby="recordings">
          <CardHeader id="recordings" title={t("recordings.title")} description={t("recordings.description")} />
          <RunRecordings recordings={deleted.rows} />
          {paging("after", cursor, deleted.nextCursor)}
        </Card>
      </div>
    </>
  );
}
