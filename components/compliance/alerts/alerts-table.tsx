import Link from "next/link";
import { useTranslations } from "next-intl";
import { AcknowledgeAlert } from "@/components/compliance/alerts/acknowledge-alert";
import { AlertSentence } from "@/components/compliance/alerts/alert-sentence";
import type { FormAction } from "@/components/forms/use-action-form";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { TextLink } from "@/components/ui/text-link";
import { TimeText } from "@/components/ui/time-text";
import type { AlertPage, AlertRow } from "@/lib/compliance/alerts/list-alerts";

export type AlertsTableProps = {
  page: Pick<AlertPage, "rows" | "mayRegister" | "mayReadRequests" | "mayReadLog">;
  acknowledge: FormAction<unknown>;
};

/** Alerts with what was done about them. */
export function AlertsTable({ page, acknowledge }: AlertsTableProps) {
  const t = useTranslations("alerts");
  if (page.rows.length === 0) return <EmptyState title={t("empty.title")} description={t("empty.description")} />;
  const columns: PlainColumn<AlertRow>[] = [
    {
      key: "alert",
      label: t("columns.alert"),
      cell: (alert) => (
        <AlertSentence alert={alert} mayReadRequests={page.mayReadRequests} mayReadLog={page.mayReadLog} />
      ),
    },
    { key: "raised", label: t("columns.raised"), cell: ({ createdAt }) => <TimeText value={createdAt} /> },
    {
      key: "state",
      label: t("columns.state"),
      className: "min-w-64",
      cell: (alert) => <State alert={alert} acknowledge={acknowledge} />,
    },
    {
      key: "incident",
      label: t("columns.incident"),
      cell: (alert) => <Incident alert={alert} mayRegister={page.mayRegister} />,
    },
  ];
  return <PlainTable label={t("list")} columns={columns} rows={page.rows} rowId={({ id }) => id} />;
}

function State({ alert, acknowledge }: { alert: AlertRow; acknowledge: FormAction<unknown> }) {
  const t = useTranslations("alerts");
  const { acknowledgedAt, acknowledgedBy, note, mayAcknowledge, id } = alert;
  if (acknowledgedAt === null)
    return mayAcknowledge ? <AcknowledgeAlert alertId={id} action={acknowledge} /> : t("waiting");
  return (
    <>
      <p>{note}</p>
      <p className="text-sm text-ink-muted">
        {acknowledgedBy}, <TimeText value={acknowledgedAt} />
      </p>
    </>
  );
}

function Incident({ alert, mayRegister }: { alert: AlertRow; mayRegister: boolean }) {
  const [t, incidents] = [useTranslations("alerts"), useTranslations("incidents")];
  if (alert.incidentId !== null && alert.incidentNumber !== null)
    return (
      <TextLink href={`/compliance/incidents/${alert.incidentId}`}>
        {incidents("number", { number: alert.incidentNumber })}
      </TextLink>
    );
  if (!mayRegister) return "–";
  return (
    <Button asChild size="small">
      <Link href={`/compliance/incidents/new?alert=${alert.id}`}>{t("register")}</Link>
    </Button>
  );
}
