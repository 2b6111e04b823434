import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { registerIncidentAction } from "@/app/(portal)/compliance/incidents/actions";
import { RegisterIncident } from "@/components/compliance/incidents/register-incident";
import { Card, CardBody } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { readIncidentChoices } from "@/lib/compliance/incidents/read-incident-choices";
import { newId } from "@/lib/core/new-id";
import { loadPage } from "@/lib/http/load-page";
import type { SearchParams } from "@/lib/http/page-address";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("incidents"))("register") };
}

export default async function NewIncidentPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { alert } = await searchParams;
  const [t, choices] = await Promise.all([getTranslations("incidents"), loadPage(readIncidentChoices, {})]);
  return (
    <>
      <PageHeader title={t("register")} parent={{ href: "/compliance/incidents", label: t("title") }} />
      <Card>
        <CardBody>
          {/* The page chooses the id, so that submitting the form twice registers one incident. */}
          <RegisterIncident
            incidentId={newId()}
            alertId={typeof alert === "string" ? alert : undefined}
            choices={choices}
            action={registerIncidentAction}
          />
        </CardBody>
      </Card>
    </>
  );
}
