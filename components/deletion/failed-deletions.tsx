import type { Route } from "next";
import { useLocale, useTranslations } from "next-intl";
import { useCause, useStoreName } from "@/components/ui/code-words";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import { RowLink } from "@/components/table/row-link";
import { TimeText } from "@/components/ui/time-text";
import { formatNumber } from "@/lib/i18n/format";
import type { FailedDeletions as Failed } from "@/lib/deletion/list-failed-deletions";

/** Lists recordings that a store has not deleted yet, and when each is retried. */
export function FailedDeletions({ failed }: { failed: Failed }) {
  const t = useTranslations("retention.failed");
  const locale = useLocale();
  const [storeName, cause] = [useStoreName(), useCause()];
  const columns: PlainColumn<Failed["recordings"][number]>[] = [
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
      cell: ({ store, code }) => [store && storeName(store), code && cause(code)].filter(Boolean).join(": "),
    },
    { key: "since", label: t("columns.since"), cell: ({ deletingAt }) => <TimeText value={deletingAt} /> },
    {
      key: "attempts",
      label: t("columns.attempts"),
      align: "end",
      cell: ({ attempts }) => formatNumber(attempts, locale),
    },
    { key: "retryAt", label: t("columns.retryAt"), cell: ({ retryAt }) => <TimeText value={retryAt} /> },
  ];
  return (
    <PlainTable
      label={t("title")}
      columns={columns}
      rows={failed.recordings}
      rowId={({ recordingId }) => recordingId}
    />
  );
}
