"use client";

import type { Route } from "next";
import { useTranslations } from "next-intl";
import { RecordingState } from "@/components/recordings/recording-state";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import { RowLink } from "@/components/table/row-link";
import { Badge } from "@/components/ui/badge";
import { TextLink } from "@/components/ui/text-link";
import { KeptUntil } from "@/components/recordings/kept-until";
import { TimeText } from "@/components/ui/time-text";
import { formatDuration } from "@/lib/i18n/format";
import type { MatchRow } from "@/lib/subject-requests/finding/list-matches";

type MatchesTableProps = {
  rows: readonly MatchRow[];
  /** A box in front of each. */
  mayChoose: boolean;
  /** The folder of the pages on which the audio of included recordings is prepared; none: no link to them. */
  audioPath?: string;
};

/** The recordings of a view, each with why it was found. */
export function MatchesTable({ rows, mayChoose, audioPath }: MatchesTableProps) {
  const t = useTranslations("subjectRequests");
  const columns: PlainColumn<MatchRow>[] = [
    { key: "call", label: t("finding.columns.call"), cell: (row) => <CallCell row={row} mayChoose={mayChoose} /> },
    {
      key: "number",
      label: t("finding.columns.number"),
      className: "tabular-nums",
      cell: ({ number }) => number ?? "–",
    },
    {
      key: "unit",
      label: t("finding.columns.unit"),
      cell: ({ unit, agentName, agentCode }) => [unit, agentName ?? agentCode].filter(Boolean).join(" · "),
    },
    {
      key: "reasons",
      label: t("finding.columns.reasons"),
      className: "sm:whitespace-normal",
      cell: ({ reasons, score }) => (
        <>
          <span className="tabular-nums">{score}</span>{" "}
          <span className="text-sm text-ink-muted">
            {reasons.map((reason) => t(`matchReasons.${reason}`)).join("; ")}
          </span>
        </>
      ),
    },
    {
      key: "custody",
      label: t("finding.columns.custody"),
      className: "sm:whitespace-normal",
      cell: (row) => <CustodyCell row={row} />,
    },
    ...(rows.some(({ decision }) => decision)
      ? [
          {
            key: "decision",
            label: t("finding.columns.decision"),
            className: "sm:whitespace-normal",
            cell: (row: MatchRow) => <DecisionCell row={row} audioPath={audioPath} />,
          },
        ]
      : []),
  ];
  return <PlainTable label={t("finding.title")} columns={columns} rows={rows} rowId={({ id }) => id} />;
}

type CellProps = { row: MatchRow };

function CallCell({ row, mayChoose }: CellProps & { mayChoose: boolean }) {
  const t = useTranslations("subjectRequests.finding");
  const { id, callStartedAt, timeZone, durationMs, dateDoubt } = row;
  return (
    <span className="flex items-center gap-2">
      {mayChoose ? (
        <input
          type="checkbox"
          name="recordingIds[]"
          value={id}
          aria-labelledby={`call-${id}`}
          className="size-4 shrink-0 rounded-sm accent-accent"
        />
      ) : null}
      <span id={`call-${id}`}>
        <RowLink href={`/recordings/${id}` as Route}>
          <TimeText value={callStartedAt} timeZone={timeZone} />
        </RowLink>
        {durationMs === null ? null : (
          <span className="block text-sm text-ink-muted">{formatDuration(durationMs / 1000)}</span>
        )}
        {dateDoubt ? <Badge tone="caution">{t("doubtfulDate")}</Badge> : null}
      </span>
    </span>
  );
}

function CustodyCell({ row: { state, isHeld, minimumUntil, retainUntil } }: CellProps) {
  const t = useTranslations("subjectRequests.finding");
  return (
    <>
      {state === "stored" ? null : <RecordingState state={state} />}
      {isHeld ? <Badge tone="info">{t("held")}</Badge> : null}
      <span className="block text-sm text-ink-muted">
        {minimumUntil ? t.rich("minimum", { until: () => <KeptUntil retainUntil={minimumUntil} /> }) : null}{" "}
        {retainUntil ? t.rich("retained", { until: () => <KeptUntil retainUntil={retainUntil} /> }) : null}
      </span>
    </>
  );
}

function DecisionCell({ row, audioPath }: CellProps & { audioPath: string | undefined }) {
  const { id, state, decision, decisionReason, decidedBy, decidedAt, timeZone } = row;
  const t = useTranslations("subjectAudio");
  return (
    <>
      {decisionReason ? <span className="block whitespace-pre-line">{decisionReason}</span> : null}
      <span className="block text-sm text-ink-muted">
        {decidedBy} · {decidedAt ? <TimeText value={decidedAt} beside={timeZone} /> : null}
      </span>
      {audioPath && decision === "included" && state === "stored" ? (
        <TextLink href={`${audioPath}/${id}`}>{t("submit")}</TextLink>
      ) : null}
    </>
  );
}
