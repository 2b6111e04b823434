import type { Route } from "next";
import { useLocale, useTranslations } from "next-intl";
import { RowLink } from "@/components/table/row-link";
import { Badge, type Tone } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/empty-state";
import { TableRegion } from "@/components/ui/table";
import { TimeText } from "@/components/ui/time-text";
import { formatNumber } from "@/lib/i18n/format";
import type { HoldRow } from "@/lib/legal-holds/list-holds";

const tones: Record<HoldRow["state"], Tone> = { in_force: "info", review_due: "danger", release_requested: "caution", released: "neutral" };
const columns = ["matter", "state", "recordings", "owner", "reviewOn", "createdAt"] as const;

/** Legal holds, what each keeps and when somebody must look at it again. */
export function HoldsTable({ holds }: { holds: readonly HoldRow[] }) {
  const t = useTranslations("holds");
  const locale = useLocale();
  if (holds.length === 0) return <EmptyState title={t("empty.title")} description={t("empty.description")} />;
  return (
    <TableRegion label={t("title")}>
      <table role="table" aria-label={t("title")} className="data-table w-full border-collapse text-left">
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th key={column} role="columnheader" scope="col" className={column === "recordings" ? "sm:text-right" : undefined}>
                {t(`columns.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {holds.map((hold) => (
            <tr key={hold.id} role="row">
              <td role="cell" data-primary>
                <RowLink href={`/retention/holds/${hold.id}` as Route}>{hold.matter}</RowLink>
              </td>
              <td role="cell" data-label={t("columns.state")}>
                <Badge tone={tones[hold.state]}>{t(`states.${hold.state}`)}</Badge> {hold.isPlacing ? <Badge tone="caution">{t("placing")}</Badge> : null}
              </td>
              <td role="cell" data-label={t("columns.recordings")} className="sm:text-right">
                {formatNumber(hold.recordings, locale)}
              </td>
              <td role="cell" data-label={t("columns.owner")}>
                {hold.owner}
              </td>
              <td role="cell" data-label={t("columns.reviewOn")}>
                {hold.reviewOn.split("-").reverse().join("/")}
              </td>
              <td role="cell" data-label={t("columns.createdAt")}>
                <TimeText value={hold.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableRegion>
  );
}
