import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { z } from "zod";
import { requestHoldReleaseAction } from "@/app/(portal)/retention/holds/actions";
import { EventTimeline } from "@/components/audit-log/event-timeline";
import { HoldFacts } from "@/components/legal-holds/hold-facts";
import { HoldRecordings } from "@/components/legal-holds/hold-recordings";
import { RequestRelease } from "@/components/legal-holds/request-release";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { loadPage } from "@/lib/http/load-page";
import { listHoldRecordings } from "@/lib/legal-holds/list-hold-recordings";
import { readHold } from "@/lib/legal-holds/read-hold";
import { readHoldHistory } from "@/lib/legal-holds/read-hold-history";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("holds"))("pageTitle") };
}

const cursorParameter = z.uuid().optional().catch(undefined);

type HoldPageProps = { params: Promise<{ holdId: string }>; searchParams: Promise<Record<string, unknown>> };

export default async function HoldPage({ params, searchParams }: HoldPageProps) {
  const { holdId } = await params;
  const cursor = cursorParameter.parse((await searchParams).after);
  const hold = await loadPage(readHold, { holdId });
  const [t, { rows, nextCursor }, history] = await Promise.all([getTranslations("holds"), loadPage(listHoldRecordings, { holdId, cursor }), loadPage(readHoldHistory, { holdId })]);
  const path = `/retention/holds/${holdId}`;
  return (
    <>
      <PageHeader title={hold.matter} parent={{ href: "/retention/holds", label: t("title") }} actions={hold.mayRequestRelease ? <RequestRelease holdId={holdId} action={requestHoldReleaseAction} /> : null} />
      <div className="grid gap-4">
        <Card aria-labelledby="facts">
          <CardHeader id="facts" title={t("facts.title")} />
          <CardBody className="py-2">
            <HoldFacts hold={hold} />
          </CardBody>
        </Card>
        <Card aria-labelledby="recordings">
          <CardHeader id="recordings" title={t("recordings.title")} description={t("recordings.description")} />
          <HoldRecordings recordings={rows} />
          {cursor || nextCursor ? (
            <CardBody className="border-t border-line py-2.5">
              <Pagination newerHref={cursor ? path : undefined} olderHref={nextCursor ? `${path}?after=${nextCursor}` : undefined} />
            </CardBody>
          ) : null}
        </Card>
        <Card aria-labelledby="history">
          <CardHeader id="history" title={t("history")} />
          <EventTimeline {...history} />
        </Card>
      </div>
    </>
  );
}
