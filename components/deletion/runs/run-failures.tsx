import { useTranslations } from "next-intl";
import { useFailureColumns } from "@/components/deletion/use-failure-columns";
import { RecordingState } from "@/components/recordings/recording-state";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import type { RunFailureRow } from "@/lib/deletion/runs/list-run-failures";

/** Lists recordings that a run could not delete: the store's error, the attempts, and the next attempt. */
export function RunFailures({ failures }: { failures: readonly RunFailureRow[] }) {
  const t = useTranslations("runReport.failures");
  const { recording, unit, store, attempts, retryAt } = useFailureColumns();
  const state: PlainColumn<RunFailureRow> = {
    key: "state",
    label: t("state"),
    cell: (row) => <RecordingState state={row.state} />,
  };
  return (
    <PlainTable
      label={t("table")}
      columns={[recording, unit, store, attempts, retryAt, state]}
      rows={failures}
      rowId={({ recordingId }) => recordingId}
    />
  );
}
