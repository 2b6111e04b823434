import { useTranslations } from "next-intl";
import { EvidenceLine } from "@/components/compliance/evidence-text";
import { StateBadge } from "@/components/compliance/state-badge";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import { Badge } from "@/components/ui/badge";
import { Card, CardHeader } from "@/components/ui/card";
import { TextLink } from "@/components/ui/text-link";
import type { ControlList, ListedControl } from "@/lib/compliance/list-controls";
import { writtenDay } from "@/components/retention/due-href";

/** The controls of one group, each with its state, what was found, and who closes its gap. */
export function ControlGroup({ group, controls }: ControlList["groups"][number]) {
  const t = useTranslations("compliance");
  const columns: PlainColumn<ListedControl>[] = [
    {
      key: "control",
      label: t("columns.control"),
      className: "sm:whitespace-normal",
      cell: ({ control, articles }) => (
        <>
          <TextLink href={`/compliance/${control}`}>{t(`controls.${control}`)}</TextLink>
          <span className="block text-sm text-ink-muted">{articles.join(" · ")}</span>
        </>
      ),
    },
    { key: "state", label: t("columns.state"), cell: ({ state }) => <StateBadge state={state} /> },
    {
      key: "evidence",
      label: t("columns.evidence"),
      className: "sm:whitespace-normal",
      cell: ({ evidence }) => <EvidenceLine evidence={evidence} />,
    },
    { key: "plan", label: t("columns.plan"), cell: ({ plan, risk }) => <Plan plan={plan} risk={risk} /> },
  ];
  const title = t(`groups.${group}`);
  return (
    <Card aria-labelledby={`group-${group}`}>
      <CardHeader id={`group-${group}`} title={title} />
      <PlainTable
        label={t("table", { group: title })}
        columns={columns}
        rows={controls}
        rowId={({ control }) => control}
      />
    </Card>
  );
}

function Plan({ plan, risk }: Pick<ListedControl, "plan" | "risk">) {
  const t = useTranslations("compliance");
  if (risk) return t("risk.until", { day: writtenDay(risk.expiresOn) });
  if (!plan) return null;
  return (
    <>
      <span className="block">{plan.owner}</span>
      <span className="block text-sm text-ink-muted">
        {t("plan.until", { day: writtenDay(plan.dueOn) })}{" "}
        {plan.isLate ? <Badge tone="danger">{t("plan.late")}</Badge> : null}
      </span>
    </>
  );
}
