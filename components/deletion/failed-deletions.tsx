import { useTranslations } from "next-intl";
import { useFailureColumns } from "@/components/deletion/use-failure-columns";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import { TimeText } from "@/components/ui/time-text";
import type { FailedDeletionRow, FailedDeletions as Failed } from "@/lib/deletion/list-failed-deletions";

/** Lists recordings that a store has not deleted yet, and when each is retried. */
export function FailedDeletions({ failed }: { failed: Failed }) {
  const t = useTranslations("retention.failed");
  const { recording, unit, store, attempts, retryAt } = useFailureColumns();
  const since: PlainColumn<FailedDeletionRow> = {
    key: "since",
    label: t("columns.since"),
    cell: ({ deletingAt }) => <TimeText value={deletingAt} />,
  };
  return (
    <PlainTable
      label={t("list")}
      columns={[recording, unit, store, since, attempts, retryAt]}
      rows={failed.recordings}
      rowId={({ recordingId }) => recordingId}
    />
  );
}
