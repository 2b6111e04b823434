import type { Metadata, Route } from "next";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { PoliciesTable } from "@/components/retention/policies/policies-table";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { isAllowed } from "@/lib/operation/permissions";
import { loadPage } from "@/lib/http/load-page";
import { pageContext } from "@/lib/http/page-context";
import type { SearchParams } from "@/lib/http/page-address";
import { today } from "@/lib/core/time";
import { listRetentionPolicies } from "@/lib/retention/policies/list-retention-policies";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("policies"))("title") };
}

export default async function PoliciesPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const includeInactive = (await searchParams).ended === "1";
  const [t, { context }, policies] = await Promise.all([
    getTranslations("policies"),
    pageContext(),
    loadPage(listRetentionPolicies, { includeInactive }),
  ]);
  const newPolicy = (
    <>
      <Button asChild>
        <Link href={"/retention/policies/presets" as Route}>{t("fromPresets")}</Link>
      </Button>
      <Button asChild variant="primary">
        <Link href={"/retention/policies/new" as Route}>{t("new")}</Link>
      </Button>
    </>
  );
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={isAllowed(context.actor, "retention-policy:write") ? newPolicy : null}
      />
      <Card>
        <PoliciesTable policies={policies} today={today()} />
      </Card>
      <p className="mt-2 text-sm">
        <Link
          className="underline underline-offset-2"
          href={(includeInactive ? "/retention/policies" : "/retention/policies?ended=1") as Route}
        >
          {t(includeInactive ? "hideInactive" : "showInactive")}
        </Link>
      </p>
    </>
  );
}
