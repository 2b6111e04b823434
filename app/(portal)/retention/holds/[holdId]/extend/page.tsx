import type { Metadata, Route } from "next";
import { getTranslations } from "next-intl/server";
import { extendHoldAction, previewHoldAction } from "@/app/(portal)/retention/holds/actions";
import { ExtendHold } from "@/components/legal-holds/extend-hold";
import { FormMessage } from "@/components/ui/form-message";
import { PageHeader } from "@/components/ui/page-header";
import { loadPage } from "@/lib/http/load-page";
import { readExtendableHold } from "@/lib/legal-holds/read-extendable-hold";
import { listRecordingFacets } from "@/lib/recordings/list-recording-facets";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("holds"))("extend.title") };
}

export default async function ExtendHoldPage({ params }: { params: Promise<{ holdId: string }> }) {
  const { holdId } = await params;
  const hold = await loadPage(readExtendableHold, { holdId });
  const [t, facets] = await Promise.all([getTranslations("holds"), loadPage(listRecordingFacets, {})]);
  return (
    <>
      <PageHeader
        title={t("extend.title")}
        description={t("extend.description", { matter: hold.matter })}
        parent={{ href: `/retention/holds/${holdId}` as Route, label: t("extend.parent") }}
      />
      {hold.isPlacing ? (
        <FormMessage tone="caution" className="mb-4 max-w-4xl">
          {t("extend.placing")}
        </FormMessage>
      ) : null}
      <ExtendHold holdId={holdId} facets={facets} preview={previewHoldAction} extend={extendHoldAction} />
    </>
  );
}
