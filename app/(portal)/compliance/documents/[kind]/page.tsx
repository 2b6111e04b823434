import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { notFound } from "next/navigation";
import { adoptDocumentAction, saveDocumentAction } from "@/app/(portal)/compliance/documents/actions";
import { AdoptDocument } from "@/components/compliance/documents/adopt-document";
import { DocumentFacts } from "@/components/compliance/documents/document-facts";
import { DocumentStatus } from "@/components/compliance/documents/document-status";
import { DocumentTexts } from "@/components/compliance/documents/document-texts";
import { DocumentVersions } from "@/components/compliance/documents/document-versions";
import { PageHeader } from "@/components/ui/page-header";
import { readDocument } from "@/lib/compliance/documents/read-document";
import { loadPage } from "@/lib/http/load-page";
import type { SearchParams } from "@/lib/http/page-address";

type Props = { params: Promise<{ kind: string }>; searchParams: Promise<SearchParams> };

const kinds = ["processing", "impact", "balancing"] as const;

const kindOf = (text: string) => kinds.find((kind) => kind === text) ?? notFound();

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const kind = kindOf((await params).kind);
  return { title: (await getTranslations("compliance.documents"))(`kinds.${kind}`) };
}

export default async function DocumentPage({ params, searchParams }: Props) {
  const kind = kindOf((await params).kind);
  const { version } = await searchParams;
  const input = { kind, version: typeof version === "string" && /^\d{1,6}$/.test(version) ? version : undefined };
  const [t, compliance, document] = await Promise.all([
    getTranslations("compliance.documents"),
    getTranslations("compliance"),
    loadPage(readDocument, input),
  ]);
  const isLatest = (document.shown?.version ?? 0) === document.latest;
  const mayWrite = document.mayWrite && isLatest;
  const isDraft = document.needsAdoption && document.shown?.adoptedAt === null;
  return (
    <>
      <PageHeader
        title={t(`kinds.${kind}`)}
        description={t(`descriptions.${kind}`)}
        parent={{ href: "/compliance", label: compliance("title") }}
        actions={
          mayWrite && isDraft && document.shown ? (
            <AdoptDocument kind={kind} version={document.shown.version} action={adoptDocumentAction} />
          ) : null
        }
      />
      <div className="grid gap-4">
        <DocumentStatus document={document} />
        <DocumentTexts key={document.latest} document={document} action={mayWrite ? saveDocumentAction : undefined} />
        <DocumentFacts sections={document.sections} />
        <DocumentVersions document={document} />
      </div>
    </>
  );
}
