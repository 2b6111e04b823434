import type { Route } from "next";
import { useTranslations } from "next-intl";
import { useStoreName } from "@/components/ui/code-words";
import { FindingBadges } from "@/components/store-scan/finding-badges";
import { RowLink } from "@/components/table/row-link";
import { EmptyState } from "@/components/ui/empty-state";
import { TableRegion } from "@/components/ui/table";
import { TimeText } from "@/components/ui/time-text";
import type { FindingRow } from "@/lib/store-scan/list-findings";

const columns = ["kind", "about", "state", "createdAt", "lastSeenAt"] as const;

/** Lists discrepancies between stores and tables, each with its state. */
export function FindingsTable({ findings }: { findings: readonly FindingRow[] }) {
  const t = useTranslations("storeScan");
  if (findings.length === 0) return <EmptyState title={t("empty.title")} description={t("empty.description")} />;
  return (
    <TableRegion label={t("title")}>
      <table role="table" aria-label={t("title")} className="data-table w-full border-collapse text-left">
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th key={column} role="columnheader" scope="col">
                {t(`columns.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {findings.map((finding) => (
            <Finding key={finding.id} finding={finding} />
          ))}
        </tbody>
      </table>
    </TableRegion>
  );
}

function Finding({ finding }: { finding: FindingRow }) {
  const t = useTranslations("storeScan");
  const storeName = useStoreName();
  const { id, kind, recordingId, facts, createdAt, lastSeenAt } = finding;
  return (
    <tr role="row">
      <td role="cell" data-primary>
        <RowLink href={`/retention/store-scan/${id}` as Route}>{t(`kinds.${kind}`)}</RowLink>
      </td>
      <td role="cell" data-label={t("columns.about")} className="break-all">
        {recordingId
          ? t("about.recording", { id: recordingId })
          : t("about.object", { store: storeName(String(facts.store)) })}
      </td>
      <td role="cell" data-label={t("columns.state")}>
        <FindingBadges finding={finding} />
      </td>
      <td role="cell" data-label={t("columns.createdAt")}>
        <TimeText value={createdAt} />
      </td>
      <td role="cell" data-label={t("columns.lastSeenAt")}>
        <TimeText value={lastSeenAt} />
      </td>
    </tr>
  );
}
