import { useTranslations } from "next-intl";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import { Card, CardHeader } from "@/components/ui/card";
import { TimeText } from "@/components/ui/time-text";
import type { ControlDetail } from "@/lib/compliance/read-control";
import { writtenDay } from "@/components/retention/due-href";

type Row = ControlDetail["risks"][number];

/** Every risk that was accepted for a control, with its reason and its end. */
export function RiskHistory({ risks }: Pick<ControlDetail, "risks">) {
  const t = useTranslations("compliance");
  if (risks.length === 0) return null;
  const columns: PlainColumn<Row>[] = [
    { key: "at", label: t("risk.acceptedAt"), cell: ({ acceptedAt }) => <TimeText value={acceptedAt} /> },
    { key: "by", label: t("risk.acceptedBy"), cell: ({ acceptedBy }) => acceptedBy },
    { key: "reason", label: t("risk.reason"), className: "sm:whitespace-normal", cell: ({ reason }) => reason },
    { key: "until", label: t("risk.expiresOn"), cell: ({ expiresOn }) => writtenDay(expiresOn) },
    {
      key: "withdrawn",
      label: t("risk.ended"),
      cell: ({ withdrawnAt }) => (withdrawnAt ? <TimeText value={withdrawnAt} /> : null),
    },
  ];
  return (
    <Card aria-labelledby="risks">
      <CardHeader id="risks" title={t("risk.history")} />
      <PlainTable label={t("risk.list")} columns={columns} rows={risks} rowId={({ id }) => id} />
    </Card>
  );
}
