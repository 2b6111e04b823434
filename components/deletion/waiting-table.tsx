import type { Route } from "next";
import { useTranslations } from "next-intl";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import { RowLink } from "@/components/table/row-link";
import { TimeText } from "@/components/ui/time-text";
import type { WaitingDeletion } from "@/lib/deletion/waiting-deletions";

/** Lists recordings in deletion, each with why it waits and until when. */
export function WaitingTable({ recordings }: { recordings: readonly WaitingDeletion[] }) {
  const t = useTranslations("retention.waiting");
  const columns: PlainColumn<WaitingDeletion>[] = [
    {
      key: "recording",
      label: t("columns.recording"),
      className: "font-mono text-sm",
      cell: ({ recordingId }) => <RowLink href={`/recordings/${recordingId}` as Route}>{recordingId}</RowLink>,
    },
    { key: "unit", label: t("columns.unit"), cell: ({ unit }) => unit },
    { key: "since", label: t("columns.since"), cell: ({ deletingAt }) => <TimeText value={deletingAt} /> },
    { key: "reason", label: t("columns.reason"), cell: ({ reason }) => t(`short.${reason}`) },
    { key: "until", label: t("columns.until"), cell: ({ until }) => (until ? <TimeText value={until} /> : "–") },
  ];
  return (
    <PlainTable label={t("list")} columns={columns} rows={[...recordings]} rowId={({ recordingId }) => recordingId} />
  );
}
