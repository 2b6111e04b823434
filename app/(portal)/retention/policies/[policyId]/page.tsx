import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { deactivatePolicy, previewPolicy, updatePolicy } from "@/app/(portal)/retention/actions";
import { DeactivatePolicy } from "@/components/retention/deactivate-policy";
import { PolicyForm } from "@/components/retention/policy-form";
import { PageHeader } from "@/components/ui/page-header";
import { loadPage } from "@/lib/http/load-page";
import { previewRetentionPolicyChange } from "@/lib/retention/preview-retention-policy-change";
import { readRetentionPolicy } from "@/lib/retention/read-retention-policy";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("retention"))("form.editTitle") };
}

export default async function PolicyPage({ params }: { params: Promise<{ policyId: string }> }) {
  const { policyId } = await params;
  const [t, policy] = await Promise.all([getTranslations("retention"), loadPage(readRetentionPolicy, { policyId })]);
  const isDefault = policy.unit === null;
  const effect = isDefault ? null : await loadPage(previewRetentionPolicyChange, { change: "deactivate", policyId });
  const scope = policy.queue ? t("policies.queueOf", { queue: policy.queue.code, unit: policy.unit?.name ?? "" }) : (policy.unit?.name ?? t("policies.default"));
  return (
    <>
      <PageHeader title={policy.name} description={t("form.editDescription", { scope })} parent={{ href: "/retention/policies", label: t("policies.title") }} />
      <PolicyForm preview={previewPolicy} save={updatePolicy} subject={{ policy }} />
      {effect ? <DeactivatePolicy policyId={policy.id} version={policy.version} effect={effect} action={deactivatePolicy} /> : null}
    </>
  );
}
