import type { Route } from "next";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { ChangedLines } from "@/components/compliance/documents/document-status";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { CopyableCode } from "@/components/ui/copyable-code";
import { TimeText } from "@/components/ui/time-text";
import type { DocumentDetail } from "@/lib/compliance/documents/read-document";

type Row = DocumentDetail["versions"][number];

/** What the shown version changed, and all versions with who saved and adopted them. */
export function DocumentVersions({ document: { kind, shown, changes, versions } }: { document: DocumentDetail }) {
  const t = useTranslations("compliance.documents");
  if (versions.length === 0) return null;
  const columns: PlainColumn<Row>[] = [
    {
      key: "version",
      label: t("columns.version"),
      cell: ({ version }) => (
        <Link
          href={`/compliance/documents/${kind}?version=${version}` as Route}
          className="text-accent hover:underline"
        >
          {t("version", { version })}
        </Link>
      ),
    },
    { key: "savedAt", label: t("columns.at"), cell: ({ createdAt }) => <TimeText value={createdAt} /> },
    { key: "savedBy", label: t("columns.by"), cell: ({ savedBy }) => savedBy },
    {
      key: "adopted",
      label: t("columns.adopted"),
      cell: ({ adoptedAt, adoptedBy }) =>
        adoptedAt === null ? (
          "–"
        ) : (
          <>
            {adoptedBy}, <TimeText value={adoptedAt} />
          </>
        ),
    },
    { key: "sha256", label: t("columns.sha256"), cell: ({ sha256 }) => <CopyableCode value={sha256} /> },
  ];
  return (
    <Card aria-labelledby="versions">
      <CardHeader id="versions" title={t("versions")} description={t("versionsHint")} />
      <CardBody className="grid gap-3">
        {changes && shown ? (
          <details>
            <summary className="w-fit cursor-pointer font-medium">
              {t("changes", {
                version: shown.version,
                facts: changes.added.length + changes.removed.length,
                texts: changes.texts.length,
              })}
            </summary>
            <ChangedLines {...changes} />
          </details>
        ) : null}
        <PlainTable
          label={t("versionsTable")}
          columns={columns}
          rows={versions}
          rowId={({ version }) => String(version)}
        />
      </CardBody>
    </Card>
  );
}
