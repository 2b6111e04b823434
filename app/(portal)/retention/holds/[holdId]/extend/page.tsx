import type { Metadata, Route } from "next";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { extendHoldAction, previewHoldAction } from "@/app/(portal)/retention/holds/actions";
import { ConfirmExtension, ExtendHold } from "@/components/legal-holds/extend-hold";
import { Button } from "@/components/ui/button";
import { FormMessage } from "@/components/ui/form-message";
import { PageHeader } from "@/components/ui/page-header";
import { loadPage } from "@/lib/http/load-page";
import type { SearchParams } from "@/lib/http/page-address";
import { previewHold } from "@/lib/legal-holds/preview-hold";
import { readExtendableHold } from "@/lib/legal-holds/read-extendable-hold";
import { listRecordingFacets } from "@/lib/recordings/list-recording-facets";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("holds"))("extend.title") };
}

type ExtendHoldPageProps = { params: Promise<{ holdId: string }>; searchParams: Promise<SearchParams> };

export default async function ExtendHoldPage({ params, searchParams }: ExtendHoldPageProps) {
  const { holdId } = await params;
  const widens = (await searchParams).calls === "whole";
  const [t, hold] = await Promise.all([getTranslations("holds"), loadPage(readExtendableHold, { holdId })]);
  const { matter } = hold;
  return (
    <>
      <PageHeader
        title={t(widens ? "widen.title" : "extend.title")}
        description={widens ? t("widen.description", { matter }) : t("extend.description", { matter })}
        parent={{ href: `/retention/holds/${holdId}` as Route, label: t("extend.parent") }}
      />
      {hold.isPlacing ? (
        <FormMessage tone="caution" className="mb-4 max-w-4xl">
          {t("extend.placing")}
        </FormMessage>
      ) : null}
      {widens ? <WidenHold holdId={holdId} /> : <AddRecordings holdId={holdId} />}
    </>
  );
}

async function AddRecordings({ holdId }: { holdId: string }) {
  const facets = await loadPage(listRecordingFacets, {});
  return <ExtendHold holdId={holdId} facets={facets} preview={previewHoldAction} extend={extendHoldAction} />;
}

/** What the hold gets when it covers the whole calls of its recordings. */
async function WidenHold({ holdId }: { holdId: string }) {
  const [t, effect] = await Promise.all([
    getTranslations("holds"),
    loadPage(previewHold, { holdId, selection: { wholeCalls: true } }),
  ]);
  const back = (
    <Button asChild>
      <Link href={`/retention/holds/${holdId}` as Route}>{t("select.back")}</Link>
    </Button>
  );
  const fields = [
    ["holdId", holdId],
    ["wholeCalls", "yes"],
  ] as const;
  return <ConfirmExtension draft={{ effect, fields }} back={back} extend={extendHoldAction} />;
}
