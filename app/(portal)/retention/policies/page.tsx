import type { Metadata, Route } from "next";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { PoliciesTable } from "@/components/retention/policies-table";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { isAllowed } from "@/lib/auth/permissions";
import { loadPage } from "@/lib/http/load-page";
import { pageContext } from "@/lib/http/page-context";
import { listRetentionPolicies } from "@/lib/retention/list-retention-policies";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("retention"))("policies.title") };
}

export default async function PoliciesPage() {
  const [t, { context }, policies] = await Promise.all([getTranslations("retention"), pageContext(), loadPage(listRetentionPolicies, {})]);
  const mayWrite = isAllowed(context.actor, "retention-policy:write");
  const newPolicy = (
    <Button asChild variant="primary">
      <Link href={"/retention/policies/new" as Route}>{t("policies.new")}</Link>
    </Button>
  );
  return (
    <>
      <PageHeader title={t("policies.title")} description={t("policies.description")} actions={mayWrite ? newPolicy : null} />
      <Card>
        <PoliciesTable policies={policies} mayWrite={mayWrite} />
      </Card>
    </>
  );
}
