import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { createPolicy, previewPolicy } from "@/app/(portal)/retention/actions";
import { PolicyForm } from "@/components/retention/policy-form";
import { PageHeader } from "@/components/ui/page-header";
import { loadPage } from "@/lib/http/load-page";
import { legalBases } from "@/lib/retention/legal-bases";
import { listRetentionScopes } from "@/lib/retention/list-retention-scopes";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("policies"))("form.newTitle") };
}

export default async function NewPolicyPage() {
  const [t, scopes] = await Promise.all([getTranslations("policies"), loadPage(listRetentionScopes, {})]);
  return (
    <>
      <PageHeader title={t("form.newTitle")} description={t("form.description")} parent={{ href: "/retention/policies", label: t("title") }} />
      <PolicyForm preview={previewPolicy} save={createPolicy} scopes={scopes} legalBases={legalBases} />
    </>
  );
}
