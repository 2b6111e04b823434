import { useTranslations } from "next-intl";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import { writtenDay } from "@/components/retention/due-href";
import { Badge } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/empty-state";
import { TimeText } from "@/components/ui/time-text";
import type { ReportPage } from "@/lib/compliance/reports/list-reports";

type Report = ReportPage["rows"][number];

export type ReportsTableProps = { reports: readonly Report[]; mayTake: boolean };

const verdictTones = {
  whole: "positive",
  broken: "danger",
  unchecked: "caution",
  nothing_to_verify: "neutral",
} as const;

/** The reports of the log, with their files for who may download them. */
export function ReportsTable({ reports, mayTake }: ReportsTableProps) {
  const t = useTranslations("reports");
  if (reports.length === 0) return <EmptyState title={t("empty.title")} description={t("empty.description")} />;
  const columns: PlainColumn<Report>[] = [
    {
      key: "period",
      label: t("columns.period"),
      cell: ({ from, to }) => t("range", { from: writtenDay(from), to: writtenDay(to) }),
    },
    {
      key: "origin",
      label: t("columns.origin"),
      cell: ({ schedule, requestedBy }) =>
        schedule === null && requestedBy !== null
          ? t("schedules.by", { name: requestedBy })
          : t(`schedules.${schedule ?? "none"}`),
    },
    { key: "state", label: t("columns.state"), cell: ({ state }) => t(`states.${state}`) },
    {
      key: "verdict",
      label: t("columns.verdict"),
      cell: ({ verdict }) =>
        verdict === null ? "–" : <Badge tone={verdictTones[verdict]}>{t(`verdicts.${verdict}`)}</Badge>,
    },
    {
      key: "made",
      label: t("columns.made"),
      cell: ({ madeAt }) => (madeAt === null ? "–" : <TimeText value={madeAt} />),
    },
    { key: "keepUntil", label: t("columns.keepUntil"), cell: ({ keepUntil }) => writtenDay(keepUntil) },
    ...(mayTake
      ? [{ key: "files", label: t("columns.files"), cell: (report: Report) => <Files report={report} /> }]
      : []),
  ];
  return <PlainTable label={t("list")} columns={columns} rows={reports} rowId={({ id }) => id} />;
}

/** Plain links, not the router's: the browser downloads the files. */
function Files({ report: { id, state, from, to } }: { report: Report }) {
  const t = useTranslations("reports");
  if (state !== "ready") return "–";
  const period = t("range", { from: writtenDay(from), to: writtenDay(to) });
  return (
    <span className="flex flex-wrap gap-x-3">
      {(["pdf", "figures", "accesses", "reviews", "statement"] as const).map((kind) => (
        <a
          key={kind}
          href={`/api/audit-reports/${id}/${kind}`}
          download
          aria-label={`${t(`files.${kind}`)}, ${period}`}
          className="text-accent underline underline-offset-3 hover:text-accent-strong"
        >
          {t(`files.${kind}`)}
        </a>
      ))}
    </span>
  );
}
