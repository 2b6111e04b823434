import type { Route } from "next";
import { useLocale, useTranslations } from "next-intl";
import { RowLink } from "@/components/table/row-link";
import { TableRegion } from "@/components/ui/table";
import { TimeText } from "@/components/ui/time-text";
import { formatNumber } from "@/lib/i18n/format";
import type { FailedDeletions as Failed } from "@/lib/retention/list-failed-deletions";

/** Recordings that a store has not deleted yet, and when each is tried again. */
export function FailedDeletions({ failed }: { failed: Failed }) {
  const t = useTranslations("retention.failed");
  const locale = useLocale();
  return (
    <TableRegion label={t("title")}>
      <table role="table" aria-label={t("title")} className="data-table w-full border-collapse text-left">
        <thead role="rowgroup">
          <tr role="row">
            {(["recording", "unit", "store", "since", "attempts", "retryAt"] as const).map((column) => (
              <th key={column} role="columnheader" scope="col" className={column === "attempts" ? "sm:text-right" : undefined}>
                {t(`columns.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {failed.recordings.map(({ recordingId, unit, store, code, deletingAt, attempts, retryAt }) => (
            <tr key={recordingId} role="row">
              <td role="cell" data-primary className="font-mono text-sm">
                <RowLink href={`/recordings/${recordingId}` as Route}>{recordingId}</RowLink>
              </td>
              <td role="cell" data-label={t("columns.unit")}>
                {unit}
              </td>
              <td role="cell" data-label={t("columns.store")} className="font-mono text-sm">
                {store}
                {code && ` · ${code}`}
              </td>
              <td role="cell" data-label={t("columns.since")}>
                <TimeText value={deletingAt} />
              </td>
              <td role="cell" data-label={t("columns.attempts")} className="sm:text-right">
                {formatNumber(attempts, locale)}
              </td>
              <td role="cell" data-label={t("columns.retryAt")}>
                <TimeText value={retryAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableRegion>
  );
}
