import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { acceptRiskAction, planControlAction, withdrawRiskAction } from "@/app/(portal)/compliance/actions";
import { AcceptRisk } from "@/components/compliance/accept-risk";
import { ControlFacts } from "@/components/compliance/control-facts";
import { ControlHistory } from "@/components/compliance/control-history";
import { PlanControl } from "@/components/compliance/plan-control";
import { RiskHistory } from "@/components/compliance/risk-history";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { readControl } from "@/lib/compliance/read-control";
import { loadPage } from "@/lib/http/load-page";

type ControlPageProps = { params: Promise<{ control: string }> };

const load = async ({ params }: ControlPageProps) =>
  loadPage(readControl, (await params) as Parameters<typeof readControl>[1]);

export async function generateMetadata(props: ControlPageProps): Promise<Metadata> {
  const [t, { control }] = await Promise.all([getTranslations("compliance"), load(props)]);
  return { title: t(`controls.${control}`) };
}

export default async function ControlPage(props: ControlPageProps) {
  const [t, found] = await Promise.all([getTranslations("compliance"), load(props)]);
  return (
    <>
      <PageHeader
        title={t(`controls.${found.control}`)}
        description={t(`help.${found.control}`)}
        parent={{ href: "/compliance", label: t("title") }}
      />
      <div className="grid gap-4">
        <Card aria-labelledby="found">
          <CardHeader id="found" title={t("evidence.title")} description={t("evidence.description")} />
          <CardBody className="py-2">
            <ControlFacts found={found} />
          </CardBody>
        </Card>
        {found.mayManage ? (
          <div className="grid gap-4 lg:grid-cols-2">
            <PlanControl found={found} action={planControlAction} />
            <AcceptRisk found={found} accept={acceptRiskAction} withdraw={withdrawRiskAction} />
          </div>
        ) : null}
        <RiskHistory risks={found.risks} />
        <ControlHistory history={found.history} />
      </div>
    </>
  );
}
