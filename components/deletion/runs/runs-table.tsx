import type { Route } from "next";
import { useLocale, useTranslations } from "next-intl";
import { RunDuration, RunState } from "@/components/deletion/runs/run-state";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import { RowLink } from "@/components/table/row-link";
import { EmptyState } from "@/components/ui/empty-state";
import { TimeText } from "@/components/ui/time-text";
import { formatNumber } from "@/lib/i18n/format";
import type { RetentionRunRow } from "@/lib/deletion/runs/list-retention-runs";

const counts = ["due", "marked", "deleted", "held", "doubtfulDate", "blocked", "failed", "remaining"] as const;

/** Counts that a run records at its end. A running or interrupted run has none of them. */
export const countedAtEnd: ReadonlySet<string> = new Set(["held", "doubtfulDate", "blocked", "remaining"]);
export const isCountedAtEnd = ({ state }: Pick<RetentionRunRow, "state">) =>
  state !== "running" && state !== "interrupted";

/** Lists retention runs with their counts. Each links to its report. */
export function RunsTable({ runs }: { runs: readonly RetentionRunRow[] }) {
  const t = useTranslations("retention.runs");
  const locale = useLocale();
  if (runs.length === 0) return <EmptyState title={t("emptyTitle")} description={t("emptyDescription")} />;
  const columns: PlainColumn<RetentionRunRow>[] = [
    {
      key: "startedAt",
      label: t("columns.startedAt"),
      className: "whitespace-nowrap",
      cell: ({ id, startedAt }) => (
        <RowLink href={`/retention/runs/${id}` as Route}>
          <TimeText value={startedAt} as="seconds" />
        </RowLink>
      ),
    },
    { key: "state", label: t("columns.state"), cell: (run) => <RunState state={run.state} /> },
    ...counts.map((count): PlainColumn<RetentionRunRow> => ({
      key: count,
      label: t(`columns.${count}`),
      align: "end",
      cell: (run) => (countedAtEnd.has(count) && !isCountedAtEnd(run) ? "–" : formatNumber(run[count], locale)),
    })),
    { key: "duration", label: t("columns.duration"), align: "end", cell: (run) => <RunDuration {...run} /> },
  ];
  return <PlainTable label={t("title")} columns={columns} rows={runs} rowId={({ id }) => id} />;
}
