import type { Route } from "next";
import { useLocale, useTranslations } from "next-intl";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import { RowLink } from "@/components/table/row-link";
import { EmptyState } from "@/components/ui/empty-state";
import { KeptUntil } from "@/components/recordings/kept-until";
import { TimeText } from "@/components/ui/time-text";
import { formatBytes } from "@/lib/i18n/format";
import type { RunRecordingRow } from "@/lib/deletion/runs/list-run-recordings";

/** Lists the recordings that a run deleted. */
export function RunRecordings({ recordings }: { recordings: readonly RunRecordingRow[] }) {
  const t = useTranslations("runReport.recordings");
  const locale = useLocale();
  if (recordings.length === 0) return <EmptyState title={t("emptyTitle")} description={t("emptyDescription")} />;
  const columns: PlainColumn<RunRecordingRow>[] = [
    {
      key: "recording",
      label: t("columns.recording"),
      cell: ({ id, startedAt, anonymisedAt, timeZone }) => (
        <RowLink href={`/recordings/${id}` as Route}>
          <TimeText value={startedAt} timeZone={timeZone} as={anonymisedAt ? "month" : undefined} />
        </RowLink>
      ),
    },
    { key: "unit", label: t("columns.unit"), cell: ({ unit }) => unit },
    { key: "policy", label: t("columns.policy"), cell: ({ policy }) => policy ?? "–" },
    {
      key: "retainUntil",
      label: t("columns.retainUntil"),
      cell: ({ retainUntil }) => (retainUntil ? <KeptUntil retainUntil={retainUntil} /> : "–"),
    },
    {
      key: "deletedAt",
      label: t("columns.deletedAt"),
      cell: ({ deletedAt }) => (deletedAt ? <TimeText value={deletedAt} as="seconds" /> : "–"),
    },
    {
      key: "size",
      label: t("columns.size"),
      align: "end",
      cell: ({ sizeBytes }) => (sizeBytes === null ? "–" : formatBytes(sizeBytes, locale)),
    },
  ];
  return <PlainTable label={t("table")} columns={columns} rows={recordings} rowId={({ id }) => id} />;
}
