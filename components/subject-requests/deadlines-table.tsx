import { useTranslations } from "next-intl";
import type { FormAction } from "@/components/forms/use-action-form";
import { ChangeDeadline } from "@/components/subject-requests/change-deadline";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import { Badge } from "@/components/ui/badge";
import type { DeadlineRow } from "@/lib/subject-requests/list-deadlines";

export type DeadlinesTableProps = {
  deadlines: readonly DeadlineRow[];
  /** Left out for readers who may not change deadlines. */
  change?: FormAction<unknown>;
};

/** The deadline of each right, whether law or practice gives it, and its source. */
export function DeadlinesTable({ deadlines, change }: DeadlinesTableProps) {
  const t = useTranslations("subjectRequests");
  const columns: PlainColumn<DeadlineRow>[] = [
    {
      key: "right",
      label: t("columns.right"),
      className: "sm:whitespace-normal",
      cell: ({ right, article }) => (
        <>
          <span className="block font-medium">{t(`rights.${right}`)}</span>
          <span className="block text-sm text-ink-muted">{article}</span>
        </>
      ),
    },
    {
      key: "days",
      label: t("columns.deadline"),
      cell: ({ days, isChanged }) => (
        <>
          {t("clock.days", { days })} {isChanged ? <Badge tone="accent">{t("deadlines.changed")}</Badge> : null}
        </>
      ),
    },
    { key: "kind", label: t("deadlines.kind"), cell: ({ kind }) => t(`clock.${kind}`) },
    { key: "source", label: t("deadlines.source"), className: "sm:whitespace-normal", cell: ({ source }) => source },
    ...(change
      ? [
          {
            key: "action",
            label: t("columns.action"),
            cell: (deadline: DeadlineRow) => <ChangeDeadline deadline={deadline} action={change} />,
          },
        ]
      : []),
  ];
  return <PlainTable label={t("deadlines.title")} columns={columns} rows={deadlines} rowId={({ right }) => right} />;
}
