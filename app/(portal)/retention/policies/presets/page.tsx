import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { applyPresetsAction, previewPresetsAction } from "@/app/(portal)/retention/policies/presets/actions";
import { PresetChoice } from "@/components/retention/policies/preset-choice";
import { PageHeader } from "@/components/ui/page-header";
import { loadPage } from "@/lib/http/load-page";
import { listRetentionScopes } from "@/lib/retention/policies/list-retention-scopes";
import { retentionPresets } from "@/lib/retention/policies/retention-presets";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("policies.presets"))("title") };
}

export default async function PresetsPage() {
  const [t, scopes] = await Promise.all([getTranslations("policies"), loadPage(listRetentionScopes, {})]);
  return (
    <>
      <PageHeader
        title={t("presets.title")}
        description={t("presets.description")}
        parent={{ href: "/retention/policies", label: t("title") }}
      />
      <PresetChoice
        presets={retentionPresets}
        scopes={scopes}
        preview={previewPresetsAction}
        apply={applyPresetsAction}
      />
    </>
  );
}
