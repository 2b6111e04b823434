import { useLocale, useTranslations } from "next-intl";
import { Badge, type Tone } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/empty-state";
import { TableRegion } from "@/components/ui/table";
import { TimeText } from "@/components/ui/time-text";
import { formatDuration, formatNumber } from "@/lib/i18n/format";
import type { RetentionRunRow } from "@/lib/retention/list-retention-runs";

const tones: Record<RetentionRunRow["state"], Tone> = { running: "info", finished: "positive", out_of_time: "caution", failed: "danger", interrupted: "danger" };
const counts = ["due", "marked", "deleted", "held", "failed", "remaining"] as const;

/** Runs of the retention job, what each found and did. */
export function RunsTable({ runs }: { runs: readonly RetentionRunRow[] }) {
  const t = useTranslations("retention.runs");
  if (runs.length === 0) return <EmptyState title={t("emptyTitle")} description={t("emptyDescription")} />;
  return (
    <TableRegion label={t("title")}>
      <table role="table" aria-label={t("title")} className="data-table w-full border-collapse text-left">
        <thead role="rowgroup">
          <tr role="row">
            {(["startedAt", "state", ...counts, "duration"] as const).map((column) => (
              <th key={column} role="columnheader" scope="col" className={column === "startedAt" || column === "state" ? undefined : "sm:text-right"}>
                {t(`columns.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {runs.map((run) => (
            <Run key={run.id} run={run} />
          ))}
        </tbody>
      </table>
    </TableRegion>
  );
}

function Run({ run }: { run: RetentionRunRow }) {
  const t = useTranslations("retention.runs");
  const locale = useLocale();
  const seconds = run.finishedAt ? (run.finishedAt.getTime() - run.startedAt.getTime()) / 1000 : undefined;
  return (
    <tr role="row">
      <td role="cell" data-primary className="whitespace-nowrap">
        <TimeText value={run.startedAt} as="seconds" />
      </td>
      <td role="cell" data-label={t("columns.state")}>
        <Badge tone={tones[run.state]}>{t(`states.${run.state}`)}</Badge>
      </td>
      {counts.map((count) => (
        <td key={count} role="cell" data-label={t(`columns.${count}`)} className="sm:text-right">
          {formatNumber(run[count], locale)}
        </td>
      ))}
      <td role="cell" data-label={t("columns.duration")} className="sm:text-right">
        {seconds === undefined ? "–" : seconds < 1 ? t("underASecond") : formatDuration(seconds)}
      </td>
    </tr>
  );
}
