import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { endTermAction, recordTermAction, voidTermAction } from "@/app/(portal)/compliance/terms/actions";
import { RecordTerm } from "@/components/compliance/terms/record-term";
import { TermsList } from "@/components/compliance/terms/terms-list";
import { PageHeader } from "@/components/ui/page-header";
import { listTerms } from "@/lib/compliance/terms/list-terms";
import { newId } from "@/lib/core/new-id";
import { loadPage } from "@/lib/http/load-page";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("compliance.terms"))("title") };
}

export default async function TermsPage() {
  const [t, compliance, { terms, now, mayWrite }] = await Promise.all([
    getTranslations("compliance.terms"),
    getTranslations("compliance"),
    loadPage(listTerms, {}),
  ]);
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        parent={{ href: "/compliance", label: compliance("title") }}
      />
      <div className="grid gap-4">
        <TermsList
          terms={terms}
          now={now}
          actions={mayWrite ? { end: endTermAction, annul: voidTermAction } : undefined}
        />
        {/* The page chooses the id, so that submitting the form twice records one term. */}
        {mayWrite ? <RecordTerm key={terms.length} termId={newId()} action={recordTermAction} /> : null}
      </div>
    </>
  );
}
