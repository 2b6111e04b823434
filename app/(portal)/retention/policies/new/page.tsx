import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { createPolicy, previewPolicy } from "@/app/(portal)/retention/policies/actions";
import { PolicyForm } from "@/components/retention/policies/policy-form";
import { PageHeader } from "@/components/ui/page-header";
import { loadPage } from "@/lib/http/load-page";
import type { SearchParams } from "@/lib/http/page-address";
import { offeredBases } from "@/lib/retention/policies/legal-bases";
import { listRetentionScopes } from "@/lib/retention/policies/list-retention-scopes";
import { presetTerms, presetKeys } from "@/lib/retention/policies/retention-presets";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("policies"))("form.newTitle") };
}

const anything = { unitId: null, queueId: null, direction: null, callKind: null };

/** `?preset=` fills in the terms of a preset. */
export default async function NewPolicyPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { preset } = await searchParams;
  const key = presetKeys.find((known) => known === preset);
  const [t, scopes] = await Promise.all([getTranslations("policies"), loadPage(listRetentionScopes, {})]);
  const terms = key && presetTerms(key, { isDefault: !scopes.hasDefault, match: anything, reviewOn: "" });
  return (
    <>
      <PageHeader
        title={t("form.newTitle")}
        description={t("form.description")}
        parent={{ href: "/retention/policies", label: t("title") }}
      />
      <PolicyForm
        preview={previewPolicy}
        save={createPolicy}
        scopes={scopes}
        legalBases={offeredBases("unknown")}
        terms={terms}
        presets={presetKeys}
        key={key}
      />
    </>
  );
}
