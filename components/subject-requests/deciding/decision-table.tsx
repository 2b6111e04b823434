"use client";

import type { Route } from "next";
import { useTranslations } from "next-intl";
import { RecordingState } from "@/components/recordings/recording-state";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import { RowLink } from "@/components/table/row-link";
import { Badge } from "@/components/ui/badge";
import { KeptUntil } from "@/components/recordings/kept-until";
import { TimeText } from "@/components/ui/time-text";
import { formatDuration } from "@/lib/i18n/format";
import type { DecisionRow } from "@/lib/subject-requests/deciding/list-decisions";

type DecisionTableProps = { rows: readonly DecisionRow[]; mayChoose: boolean };

/**
 * The included recordings, each with what is suggested and what is decided.
 * @param mayChoose a box in front of each.
 */
export function DecisionTable({ rows, mayChoose }: DecisionTableProps) {
  const t = useTranslations("subjectRequests.deciding");
  const columns: PlainColumn<DecisionRow>[] = [
    { key: "call", label: t("columns.call"), cell: (row) => <CallCell row={row} mayChoose={mayChoose} /> },
    { key: "custody", label: t("columns.custody"), className, cell: (row) => <CustodyCell row={row} /> },
    { key: "suggestion", label: t("columns.suggestion"), className, cell: (row) => <SuggestionCell row={row} /> },
    { key: "decision", label: t("columns.decision"), className, cell: (row) => <DecisionCell row={row} /> },
  ];
  return <PlainTable label={t("title")} columns={columns} rows={rows} rowId={({ id }) => id} />;
}

const className = "sm:whitespace-normal";

type CellProps = { row: DecisionRow };

function CallCell({ row, mayChoose }: CellProps & { mayChoose: boolean }) {
  const { id, callStartedAt, timeZone, durationMs, unit } = row;
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
        <span className="block text-sm text-ink-muted">
          {unit}
          {durationMs === null ? null : ` · ${formatDuration(durationMs / 1000)}`}
        </span>
      </span>
    </span>
  );
}

function CustodyCell({ row: { state, keptBy, blockedAt, legalBasis, minimumUntil, retainUntil } }: CellProps) {
  const t = useTranslations("subjectRequests.finding");
  const tBasis = useTranslations("policies.bases");
  return (
    <>
      {state === "stored" ? null : <RecordingState state={state} />}
      {keptBy === "legal_hold" ? <Badge tone="info">{t("held")}</Badge> : null}
      {blockedAt ? <Badge tone="caution">{t("blocked")}</Badge> : null}
      {legalBasis ? <span className="block text-sm">{tBasis(legalBasis as "art7_i")}</span> : null}
      <span className="block text-sm text-ink-muted">
        {minimumUntil ? t.rich("minimum", { until: () => <KeptUntil retainUntil={minimumUntil} /> }) : null}{" "}
        {retainUntil ? t.rich("retained", { until: () => <KeptUntil retainUntil={retainUntil} /> }) : null}
      </span>
    </>
  );
}

type Measured = Pick<DecisionRow, "measure" | "audioForm" | "ground">;

function SuggestionCell({ row: { suggestion } }: CellProps) {
  const t = useTranslations("subjectRequests.deciding");
  if (!suggestion) return <span className="text-sm text-ink-muted">{t("noSuggestion")}</span>;
  return <MeasureText {...suggestion} />;
}

function MeasureText({ measure, audioForm, ground }: Measured) {
  const t = useTranslations("subjectRequests");
  if (measure === null) return null;
  return (
    <>
      <span className="block">
        {t(`measures.${measure}`)}
        {audioForm ? `: ${t(`audioForms.${audioForm}`)}` : null}
      </span>
      {ground ? <span className="block text-sm text-ink-muted">{t(`refusals.${ground}`)}</span> : null}
    </>
  );
}

function DecisionCell({ row }: CellProps) {
  const t = useTranslations("subjectRequests.deciding");
  if (row.measure === null) return <Badge tone="caution">{t("undecided")}</Badge>;
  const [year, month, day] = row.keptUntil?.split("-") ?? [];
  return (
    <>
      <MeasureText {...row} />
      {row.fact ? <span className="block text-sm whitespace-pre-line">{row.fact}</span> : null}
      {row.keptUntil ? (
        <span className="block text-sm text-ink-muted">{t("until", { day: `${day}/${month}/${year}` })}</span>
      ) : null}
      {row.result ? (
        <Badge tone={row.result === "done" ? "positive" : "caution"}>{t(`results.${row.result}`)}</Badge>
      ) : null}
    </>
  );
}
