import type { Route } from "next";
import { useTranslations } from "next-intl";
import { DueText } from "@/components/subject-requests/due-text";
import { StateBadge } from "@/components/subject-requests/state-badge";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import { RowLink } from "@/components/table/row-link";
import { EmptyState } from "@/components/ui/empty-state";
import { TimeText } from "@/components/ui/time-text";
import type { RequestRow } from "@/lib/subject-requests/list-requests";
import { formatProtocol } from "@/lib/i18n/format";

/** Lists requests with their rights, each with its state, and what is due first. */
export function RequestsTable({ requests, isNarrowed }: { requests: readonly RequestRow[]; isNarrowed: boolean }) {
  const t = useTranslations("subjectRequests");
  if (requests.length === 0)
    return isNarrowed ? (
      <EmptyState title={t("empty.narrowedTitle")} description={t("empty.narrowedDescription")} />
    ) : (
      <EmptyState title={t("empty.title")} description={t("empty.description")} />
    );
  const columns: PlainColumn<RequestRow>[] = [
    {
      key: "protocol",
      label: t("columns.protocol"),
      cell: ({ id, protocol }) => (
        <span className="tabular-nums">
          <RowLink href={`/privacy-requests/${id}` as Route}>{formatProtocol(protocol)}</RowLink>
        </span>
      ),
    },
    {
      key: "due",
      label: t("columns.due"),
      cell: ({ dueUntil, timeZone, isOpen }) => <DueText dueUntil={dueUntil} timeZone={timeZone} isEnded={!isOpen} />,
    },
    {
      key: "rights",
      label: t("columns.rights"),
      className: "sm:min-w-52 sm:whitespace-normal",
      cell: ({ rights }) => (
        <ul className="grid gap-0.5">
          {rights.map(({ right, state }) => (
            <li key={right}>
              {t(`rights.${right}`)} <StateBadge state={state} />
            </li>
          ))}
        </ul>
      ),
    },
    ...(requests.some(({ subjectName }) => subjectName)
      ? [
          {
            key: "subject",
            label: t("columns.subject"),
            className: "break-words sm:whitespace-normal",
            cell: ({ subjectName }: RequestRow) => subjectName ?? "–",
          },
        ]
      : []),
    { key: "channel", label: t("columns.channel"), cell: ({ channel }) => t(`channels.${channel}`) },
    {
      key: "receivedAt",
      label: t("columns.receivedAt"),
      cell: ({ receivedAt, timeZone }) => <TimeText value={receivedAt} timeZone={timeZone} as="date" />,
    },
    {
      key: "assignee",
      label: t("columns.assignee"),
      className: "sm:whitespace-normal",
      cell: ({ assignee }) => assignee ?? t("assign.nobody"),
    },
  ];
  return <PlainTable label={t("title")} columns={columns} rows={requests} rowId={({ id }) => id} />;
}
