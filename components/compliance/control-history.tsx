import { useTranslations } from "next-intl";
import { EvidenceLine } from "@/components/compliance/evidence-text";
import { StateBadge } from "@/components/compliance/state-badge";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import { Card, CardHeader } from "@/components/ui/card";
import { TimeText } from "@/components/ui/time-text";
import type { ControlDetail } from "@/lib/compliance/read-control";

type Row = ControlDetail["history"][number];

/** The results of a control, newest first. */
export function ControlHistory({ history }: Pick<ControlDetail, "history">) {
  const t = useTranslations("compliance");
  if (history.length === 0) return null;
  const columns: PlainColumn<Row>[] = [
    { key: "at", label: t("columns.checkedAt"), cell: ({ checkedAt }) => <TimeText value={checkedAt} /> },
    { key: "state", label: t("columns.state"), cell: ({ state }) => <StateBadge state={state} /> },
    {
      key: "evidence",
      label: t("columns.evidence"),
      className: "sm:whitespace-normal",
      cell: ({ evidence }) => <EvidenceLine evidence={evidence} />,
    },
  ];
  return (
    <Card aria-labelledby="history">
      <CardHeader id="history" title={t("control.history")} description={t("control.historyDescription")} />
      <PlainTable
        label={t("control.results")}
        columns={columns}
        rows={history}
        rowId={({ checkedAt }) => checkedAt.toISOString()}
      />
    </Card>
  );
}
