import { Plus } from "lucide-react";
import type { Metadata, Route } from "next";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { z } from "zod";
import { decideHoldReleaseAction, withdrawHoldReleaseAction } from "@/app/(portal)/retention/approvals/actions";
import { requestHoldReleaseAction, updateHoldAction } from "@/app/(portal)/retention/holds/actions";
import { EventTimeline } from "@/components/audit/event-timeline";
import { EditHold } from "@/components/legal-holds/edit-hold";
import { HoldFacts } from "@/components/legal-holds/hold-facts";
import { HoldRecordings } from "@/components/legal-holds/hold-recordings";
import { HoldRelease } from "@/components/legal-holds/hold-release";
import { MissedRecordings } from "@/components/legal-holds/missed-recordings";
import { RequestRelease } from "@/components/legal-holds/request-release";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { loadPage } from "@/lib/http/load-page";
import { listHoldOwners } from "@/lib/legal-holds/hold-owners";
import { listHoldRecordings } from "@/lib/legal-holds/list-hold-recordings";
import { listMissedRecordings } from "@/lib/legal-holds/list-missed-recordings";
import { readHold } from "@/lib/legal-holds/read-hold";
import { readHoldHistory } from "@/lib/legal-holds/read-hold-history";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("holds"))("pageTitle") };
}

const cursorParameter = z.uuid().optional().catch(undefined);

type HoldPageProps = { params: Promise<{ holdId: string }>; searchParams: Promise<Record<string, unknown>> };

export default async function HoldPage({ params, searchParams }: HoldPageProps) {
  const { holdId } = await params;
  const found = await searchParams;
  const [cursor, missedCursor] = [cursorParameter.parse(found.after), cursorParameter.parse(found.missedAfter)];
  const hold = await loadPage(readHold, { holdId });
  const [t, { rows, nextCursor }, missed, history, owners] = await Promise.all([
    getTranslations("holds"),
    loadPage(listHoldRecordings, { holdId, cursor }),
    loadPage(listMissedRecordings, { holdId, cursor: missedCursor }),
    loadPage(readHoldHistory, { holdId }),
    hold.mayUpdate ? loadPage(listHoldOwners, {}) : [],
  ]);
  const path = `/retention/holds/${holdId}`;
  const add = (
    <>
      {hold.mayWiden ? (
        <Button asChild size="small">
          <Link href={`${path}/extend?calls=whole` as Route}>{t("widen.title")}</Link>
        </Button>
      ) : null}
      <Button asChild size="small">
        <Link href={`${path}/extend` as Route}>
          <Plus aria-hidden />
          {t("extend.title")}
        </Link>
      </Button>
    </>
  );
  return (
    <>
      <PageHeader
        title={hold.matter}
        parent={{ href: "/retention/holds", label: t("title") }}
        actions={
          <>
            {hold.mayUpdate ? <EditHold hold={hold} owners={owners} action={updateHoldAction} /> : null}
            {hold.mayRequestRelease ? <RequestRelease holdId={holdId} action={requestHoldReleaseAction} /> : null}
          </>
        }
      />
      <div className="grid gap-4">
        <HoldRelease hold={hold} decide={decideHoldReleaseAction} withdraw={withdrawHoldReleaseAction} />
        <Card aria-labelledby="facts">
          <CardHeader id="facts" title={t("facts.title")} />
          <CardBody className="py-2">
            <HoldFacts hold={hold} />
          </CardBody>
        </Card>
        <Card aria-labelledby="recordings">
          <CardHeader
            id="recordings"
            title={t("recordings.title")}
            description={t("recordings.description")}
            actions={hold.mayExtend ? add : null}
          />
          <HoldRecordings recordings={rows} />
          {cursor || nextCursor ? (
            <CardBody className="border-t border-line py-2.5">
              <Pagination
                newerHref={cursor ? path : undefined}
                olderHref={nextCursor ? `${path}?after=${nextCursor}` : undefined}
              />
            </CardBody>
          ) : null}
        </Card>
        {missed.rows.length > 0 ? (
          <Card aria-labelledby="missed">
            <CardHeader id="missed" title={t("missed.title")} description={t("missed.description")} />
            <MissedRecordings recordings={missed.rows} />
            {missedCursor || missed.nextCursor ? (
              <CardBody className="border-t border-line py-2.5">
                <Pagination
                  newerHref={missedCursor ? path : undefined}
                  olderHref={missed.nextCursor ? `${path}?missedAfter=${missed.nextCursor}` : undefined}
                />
              </CardBody>
            ) : null}
          </Card>
        ) : null}
        <Card aria-labelledby="history">
          <CardHeader id="history" title={t("history")} />
          <EventTimeline {...history} />
        </Card>
      </div>
    </>
  );
}
