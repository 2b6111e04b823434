import type { Route } from "next";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardBody } from "@/components/ui/card";
import { TimeText } from "@/components/ui/time-text";
import type { DocumentDetail } from "@/lib/compliance/documents/read-document";

/** Which version is shown, whether it was adopted, its files, and in what the configuration differs from it now. */
export function DocumentStatus({ document }: { document: DocumentDetail }) {
  const t = useTranslations("compliance.documents");
  const { kind, shown, latest, needsAdoption, differences } = document;
  const count = differences.added.length + differences.removed.length;
  return (
    <Card aria-label={t("status")}>
      <CardBody className="grid gap-3">
        <div className="flex flex-wrap items-center gap-3">
          {shown ? <strong>{t("version", { version: shown.version })}</strong> : <span>{t("neverSaved")}</span>}
          {shown && needsAdoption ? <Adoption adoptedAt={shown.adoptedAt} /> : null}
          {shown && shown.version !== latest ? (
            <Link href={`/compliance/documents/${kind}` as Route} className="text-accent hover:underline">
              {t("showLatest", { version: latest })}
            </Link>
          ) : null}
          {shown ? <Files kind={kind} version={shown.version} /> : null}
        </div>
        {latest === 0 ? null : count === 0 ? (
          <p className="text-ink-muted">{t("same")}</p>
        ) : (
          <details open>
            <summary className="w-fit cursor-pointer font-medium text-danger">{t("differs", { count })}</summary>
            <ChangedLines {...differences} />
          </details>
        )}
      </CardBody>
    </Card>
  );
}

function Adoption({ adoptedAt }: { adoptedAt: Date | null }) {
  const t = useTranslations("compliance.documents");
  if (adoptedAt === null) return <Badge tone="caution">{t("draft")}</Badge>;
  return <Badge tone="positive">{t.rich("adoptedAt", { time: () => <TimeText value={adoptedAt} as="date" /> })}</Badge>;
}

function Files({ kind, version }: { kind: string; version: number }) {
  const t = useTranslations("compliance.documents");
  return (["pdf", "csv"] as const).map((format) => (
    <Button asChild size="small" key={format}>
      <a href={`/api/compliance/documents/${kind}?version=${version}&format=${format}`} download>
        {t(`files.${format}`)}
      </a>
    </Button>
  ));
}

/** What is new and what is gone, one fact in each line. The facts are in Portuguese in every language. */
export function ChangedLines({ added, removed }: { added: readonly string[]; removed: readonly string[] }) {
  const t = useTranslations("compliance.documents");
  return (
    <ul className="mt-2 grid gap-1 text-sm">
      {removed.map((line) => (
        <li key={`-${line}`} className="break-words">
          <span className="font-medium">{t("removed")}</span> <span lang="pt-BR">{line}</span>
        </li>
      ))}
      {added.map((line) => (
        <li key={`+${line}`} className="break-words">
          <span className="font-medium">{t("added")}</span> <span lang="pt-BR">{line}</span>
        </li>
      ))}
    </ul>
  );
}
