import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { placeHoldAction } from "@/app/(portal)/retention/holds/actions";
import { HoldForm } from "@/components/legal-holds/hold-form";
import { PageHeader } from "@/components/ui/page-header";
import { loadPage } from "@/lib/http/load-page";
import { readFilters, type SearchParams } from "@/lib/http/read-filters";
import { listHoldOwners } from "@/lib/legal-holds/hold-owners";
import { previewHold } from "@/lib/legal-holds/preview-hold";
import { recordingFilters } from "@/lib/recordings/recording-filters";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("holds"))("new.title") };
}

export default async function NewHoldPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const recordingIds = [params.recording ?? []].flat();
  const filters = readFilters(recordingFilters, params);
  if (recordingIds.length === 0 && Object.keys(filters).length === 0) notFound();
  const selection = recordingIds.length > 0 ? { recordingIds } : { filters };
  const [t, preview, owners] = await Promise.all([getTranslations("holds"), loadPage(previewHold, { selection }), loadPage(listHoldOwners, {})]);
  const fields = recordingIds.length > 0 ? recordingIds.map((id) => ["recordingIds[]", id] as const) : Object.entries(filters).map(([name, value]) => [name, String(value)] as const);
  return (
    <>
      <PageHeader title={t("new.title")} description={t("new.description")} parent={{ href: "/retention/holds", label: t("title") }} />
      <HoldForm preview={preview} owners={owners} fields={fields} action={placeHoldAction} />
    </>
  );
}
