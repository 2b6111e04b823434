import type { Route } from "next";
import { useLocale, useTranslations } from "next-intl";
import { useCause, useStoreName } from "@/components/ui/code-words";
import { RecordingState } from "@/components/recordings/recording-state";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import { RowLink } from "@/components/table/row-link";
import { TimeText } from "@/components/ui/time-text";
import { formatNumber } from "@/lib/i18n/format";
import type { RunFailureRow } from "@/lib/deletion/runs/list-run-failures";

/** Lists recordings that a run could not delete: the store's error, the attempts, and the next attempt. */
export function RunFailures({ failures }: { failures: readonly RunFailureRow[] }) {
  const t = useTranslations("runReport.failures");
  const locale = useLocale();
  const [storeName, cause] = [useStoreName(), useCause()];
  const columns: PlainColumn<RunFailureRow>[] = [
    {
      key: "recording",
      label: t("columns.recording"),
      className: "font-mono text-sm",
      cell: ({ recordingId }) => <RowLink href={`/recordings/${recordingId}` as Route}>{recordingId}</RowLink>,
    },
    { key: "unit", label: t("columns.unit"), cell: ({ unit }) => unit },
    {
      key: "store",
      label: t("columns.store"),
      cell: ({ store, code }) => `${storeName(store)}: ${cause(code)}`,
    },
    {
      key: "attempts",
      label: t("columns.attempts"),
      align: "end",
      cell: ({ attempts }) => formatNumber(attempts, locale),
    },
    {
      key: "retryAt",
      label: t("columns.retryAt"),
      cell: ({ retryAt }) => (retryAt ? <TimeText value={retryAt} /> : "–"),
    },
    { key: "state", label: t("columns.state"), cell: ({ state }) => <RecordingState state={state} /> },
  ];
  return <PlainTable label={t("title")} columns={columns} rows={failures} rowId={({ recordingId }) => recordingId} />;
}
