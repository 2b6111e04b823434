import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import {
  acknowledgeFindingAction,
  admitLossAction,
  orderObjectRemovalAction,
  recheckObjectAction,
  retryFindingAction,
} from "@/app/(portal)/retention/store-scan/actions";
import { FindingBadges } from "@/components/store-scan/finding-badges";
import { FindingFacts } from "@/components/store-scan/finding-facts";
import { FindingRemedies } from "@/components/store-scan/finding-remedies";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { readFinding } from "@/lib/store-scan/read-finding";
import { loadPage } from "@/lib/http/load-page";

const actions = {
  removeObject: orderObjectRemovalAction,
  recheck: recheckObjectAction,
  admitLoss: admitLossAction,
  retry: retryFindingAction,
  acknowledge: acknowledgeFindingAction,
};

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("storeScan"))("title") };
}

export default async function FindingPage({ params }: { params: Promise<{ findingId: string }> }) {
  const { findingId } = await params;
  const [t, finding] = await Promise.all([getTranslations("storeScan"), loadPage(readFinding, { findingId })]);
  return (
    <>
      <PageHeader
        title={t(`kinds.${finding.kind}`)}
        description={t(`explained.${finding.kind}`)}
        parent={{ href: "/retention/store-scan", label: t("title") }}
        status={<FindingBadges finding={finding} />}
      />
      <div className="grid gap-4">
        <Card aria-labelledby="facts">
          <CardHeader id="facts" title={t("facts.title")} />
          <CardBody className="py-2">
            <FindingFacts finding={finding} />
          </CardBody>
        </Card>
        <Card aria-labelledby="remedies">
          <CardHeader id="remedies" title={t("remedies.title")} />
          <CardBody>
            <FindingRemedies finding={finding} actions={actions} />
          </CardBody>
        </Card>
      </div>
    </>
  );
}
