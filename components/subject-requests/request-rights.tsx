import { useTranslations } from "next-intl";
import type { FormAction } from "@/components/forms/use-action-form";
import { DueText } from "@/components/subject-requests/due-text";
import { ReopenRight } from "@/components/subject-requests/reopen-right";
import { StateBadge } from "@/components/subject-requests/state-badge";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import type { RequestDetails } from "@/lib/subject-requests/read-request";

type Process = RequestDetails["rights"][number];

/** The rights of a request, each with its state, its clock and where the deadline comes from. */
export function RequestRights({ request, reopen }: { request: RequestDetails; reopen: FormAction<unknown> }) {
  const t = useTranslations("subjectRequests");
  const { timeZone } = request;
  const mayReopen = (row: Process) => request.mayWork && !request.emptiedAt && row.steps.includes("reopen");
  const columns: PlainColumn<Process>[] = [
    {
      key: "right",
      label: t("columns.right"),
      className: "sm:whitespace-normal",
      cell: (row) => <RightName {...row} />,
    },
    {
      key: "state",
      label: t("columns.state"),
      cell: ({ state, outcome }) => (
        <>
          <StateBadge state={state} /> {outcome ? t(`outcomes.${outcome}`) : null}
        </>
      ),
    },
    {
      key: "due",
      label: t("columns.due"),
      cell: ({ dueUntil, isEnded }) => <DueText dueUntil={dueUntil} timeZone={timeZone} isEnded={isEnded} />,
    },
    {
      key: "deadline",
      label: t("columns.deadline"),
      className: "sm:whitespace-normal",
      cell: ({ days, deadlineKind, deadlineSource }) => (
        <>
          {deadlineKind === "order" ? null : <span className="block">{t("clock.days", { days })}</span>}
          <span className="block text-sm text-ink-muted">
            {t(`clock.${deadlineKind}`)}: {deadlineSource}
          </span>
        </>
      ),
    },
    {
      key: "identity",
      label: t("columns.identity"),
      className: "sm:whitespace-normal",
      cell: ({ requiredLevel }) => t(`levels.${requiredLevel}`),
    },
    ...(request.rights.some(mayReopen)
      ? [
          {
            key: "action",
            label: t("columns.action"),
            cell: (row: Process) =>
              mayReopen(row) ? <ReopenRight requestId={request.id} process={row} action={reopen} /> : "–",
          },
        ]
      : []),
  ];
  return <PlainTable label={t("columns.rights")} columns={columns} rows={request.rights} rowId={({ id }) => id} />;
}

function RightName({ right, article, isForRequester }: Process) {
  const t = useTranslations("subjectRequests");
  return (
    <>
      <span className="block font-medium">{t(`rights.${right}`)}</span>
      <span className="block text-sm text-ink-muted">{article}</span>
      {isForRequester ? null : <span className="block text-sm text-caution">{t("detail.counsel")}</span>}
    </>
  );
}
