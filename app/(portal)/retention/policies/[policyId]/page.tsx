import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { deactivatePolicy, previewPolicy, updatePolicy } from "@/app/(portal)/retention/policies/actions";
import { DeactivatePolicy } from "@/components/retention/policies/deactivate-policy";
import { PolicyFacts } from "@/components/retention/policies/policy-facts";
import { PolicyForm } from "@/components/retention/policies/policy-form";
import { PolicyHistory } from "@/components/retention/policies/policy-history";
import { PageHeader } from "@/components/ui/page-header";
import { isAllowed } from "@/lib/operation/permissions";
import { loadPage } from "@/lib/http/load-page";
import { pageContext } from "@/lib/http/page-context";
import { today } from "@/lib/core/time";
import { offeredBases } from "@/lib/retention/policies/legal-bases";
import { listRetentionScopes } from "@/lib/retention/policies/list-retention-scopes";
import { previewRetentionPolicyChange } from "@/lib/retention/policies/preview-retention-policy-change";
import { readRetentionPolicy } from "@/lib/retention/policies/read-retention-policy";
import type { RetentionPolicyRow } from "@/lib/retention/policies/policy-selection";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("policies"))("form.editTitle") };
}

export default async function PolicyPage({ params }: { params: Promise<{ policyId: string }> }) {
  const { policyId } = await params;
  const [t, { context }, { policy, versions }] = await Promise.all([
    getTranslations("policies"),
    pageContext(),
    loadPage(readRetentionPolicy, { policyId }),
  ]);
  const mayChange = policy.active && isAllowed(context.actor, "retention-policy:write");
  return (
    <>
      <PageHeader title={policy.name} parent={{ href: "/retention/policies", label: t("title") }} />
      <PolicyFacts policy={policy} today={today()} />
      {mayChange ? <ChangePolicy policy={policy} /> : null}
      <PolicyHistory versions={versions} />
    </>
  );
}

async function ChangePolicy({ policy }: { policy: RetentionPolicyRow }) {
  const { id: policyId, version, hasSensitiveContent } = policy;
  const [t, scopes, effect] = await Promise.all([
    getTranslations("policies"),
    loadPage(listRetentionScopes, {}),
    policy.isDefault ? null : loadPage(previewRetentionPolicyChange, { change: "deactivate", policyId, version }),
  ]);
  return (
    <>
      <h2 className="mb-2 text-md font-semibold">{t("form.edit")}</h2>
      <PolicyForm
        preview={previewPolicy}
        save={updatePolicy}
        scopes={scopes}
        legalBases={offeredBases(hasSensitiveContent ? "yes" : "unknown")}
        policy={policy}
      />
      {effect ? (
        <DeactivatePolicy policyId={policyId} version={version} effect={effect} action={deactivatePolicy} />
      ) : null}
    </>
  );
}
