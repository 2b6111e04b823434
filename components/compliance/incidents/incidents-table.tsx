import { useTranslations } from "next-intl";
import { NoticeClock } from "@/components/compliance/incidents/notice-clock";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import { Badge } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/empty-state";
import { TextLink } from "@/components/ui/text-link";
import { TimeText } from "@/components/ui/time-text";
import type { IncidentRow } from "@/lib/compliance/incidents/list-incidents";

/** The register, each incident with its clock. */
export function IncidentsTable({ incidents }: { incidents: readonly IncidentRow[] }) {
  const t = useTranslations("incidents");
  if (incidents.length === 0) return <EmptyState title={t("empty.title")} description={t("empty.description")} />;
  const columns: PlainColumn<IncidentRow>[] = [
    {
      key: "incident",
      label: t("columns.incident"),
      cell: ({ id, number }) => <TextLink href={`/compliance/incidents/${id}`}>{t("number", { number })}</TextLink>,
    },
    { key: "registered", label: t("columns.registered"), cell: ({ createdAt }) => <TimeText value={createdAt} /> },
    {
      key: "known",
      label: t("columns.known"),
      cell: ({ knownAt, timeZone }) =>
        knownAt ? <TimeText value={knownAt} timeZone={timeZone} /> : t("due.suspected"),
    },
    { key: "due", label: t("columns.due"), cell: (incident) => <NoticeClock incident={incident} /> },
    { key: "affected", label: t("columns.affected"), align: "end", cell: ({ affected }) => affected },
    {
      key: "status",
      label: t("columns.status"),
      cell: ({ closedAt }) => (
        <Badge tone={closedAt ? "neutral" : "info"}>{t(closedAt ? "status.closed" : "status.open")}</Badge>
      ),
    },
  ];
  return <PlainTable label={t("list")} columns={columns} rows={incidents} rowId={({ id }) => id} />;
}
