"use client";

import { FileAudio, Lock } from "lucide-react";
import type { Route } from "next";
import { useLocale, useTranslations } from "next-intl";
import { useMemo } from "react";
import { HoldSelectionProvider, RecordingCheckbox } from "@/components/recordings/hold-selection";
import { HoldSelectionBar, type HoldSelectionBarProps } from "@/components/recordings/hold-selection-bar";
import { CustomerNumber } from "@/components/recordings/customer-number";
import { BlockedBadge } from "@/components/recordings/blocked-badge";
import { DoubtfulDateBadge } from "@/components/recordings/doubtful-date-badge";
import { KeptUntil } from "@/components/recordings/kept-until";
import { QuarantineBadge } from "@/components/recordings/quarantine-badge";
import { RecordingState } from "@/components/recordings/recording-state";
import { DataTable } from "@/components/table/data-table";
import { dataColumns } from "@/components/table/data-table-features";
import { RowLink } from "@/components/table/row-link";
import type { Sort } from "@/components/table/url-state";
import { Badge } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/empty-state";
import { TimeText } from "@/components/ui/time-text";
import { formatBytes, formatDuration } from "@/lib/i18n/format";
import type { RecordingRow } from "@/lib/recordings/list-recordings";

type RecordingsTableProps = {
  rows: RecordingRow[];
  sort: Sort;
  hiddenColumns: readonly string[] | undefined;
  filters: HoldSelectionBarProps["filters"];
  /** True if rows can be ticked to place a legal hold. */
  mayHold: boolean;
};

const helper = dataColumns<RecordingRow>();
const recordingHref = (row: RecordingRow) => `/recordings/${row.id}` as Route;

/** Lists calls in the order of the server, with chosen columns; as cards on a phone. */
export function RecordingsTable({ rows, sort, hiddenColumns, filters, mayHold }: RecordingsTableProps) {
  const t = useTranslations("recordings.table");
  const toolbar = (
    <>
      <span>{t("shown", { count: rows.length })}</span>
      <HoldSelectionBar rows={rows} filters={filters} />
    </>
  );
  const empty =
    Object.keys(filters).length > 0 ? (
      <EmptyState icon={FileAudio} title={t("filteredTitle")} description={t("filteredDescription")} />
    ) : (
      <EmptyState icon={FileAudio} title={t("emptyTitle")} description={t("emptyDescription")} />
    );
  const table = (
    <DataTable
      id="recordings"
      label={t("label")}
      columns={useColumns(sort.key === "duration")}
      rows={rows}
      rowId={(row) => row.id}
      rowHref={recordingHref}
      sort={sort}
      hiddenColumns={hiddenColumns}
      toolbar={toolbar}
      empty={empty}
    />
  );
  return mayHold ? <HoldSelectionProvider>{table}</HoldSelectionProvider> : table;
}

function HeldBadge() {
  const t = useTranslations("holds.list");
  return (
    <Badge tone="info">
      <Lock aria-hidden />
      {t("held")}
    </Badge>
  );
}

const duration = (ms: number | null) => (ms === null ? "–" : formatDuration(ms / 1000));

/** The duration of a call's recordings together; in a list by duration beside that of the longest, which it goes by. */
function CallDuration({ durationMs, call, isLongest }: RecordingRow & { isLongest: boolean }) {
  const t = useTranslations("recordings.table");
  if (call.recordings <= 1) return duration(durationMs);
  return (
    <>
      {duration(call.durationMs)}
      {isLongest ? (
        <span className="block text-sm text-ink-muted">{t("longest", { duration: duration(durationMs) })}</span>
      ) : null}
    </>
  );
}

function useColumns(isByDuration: boolean) {
  const t = useTranslations("recordings");
  const locale = useLocale();
  return useMemo(() => {
    const { accessor } = helper;
    const dash = "–";
    return helper.columns([
      accessor("startedAt", {
        meta: {
          label: t("columns.startedAt"),
          sort: "startedAt",
          primary: true,
          className: "tabular-nums whitespace-nowrap",
        },
        cell: ({ row: { original } }) => (
          <span className="flex items-center gap-1.5">
            <RecordingCheckbox recording={original} />
            <span className="flex max-w-52 flex-wrap items-center gap-x-1.5 gap-y-0.5">
              <RowLink href={recordingHref(original)}>
                <TimeText
                  value={original.startedAt}
                  timeZone={original.timeZone}
                  as={original.anonymisedAt ? "month" : undefined}
                />
              </RowLink>
              {original.call.recordings > 1 ? (
                <Badge>{t("table.parts", { count: original.call.recordings })}</Badge>
              ) : null}
              {original.isHeld ? <HeldBadge /> : null}
              {original.state === "stored" && original.quarantine === "quarantined" ? <QuarantineBadge /> : null}
              {original.blockedAt ? <BlockedBadge /> : null}
              {original.state === "stored" && original.dateDoubt ? <DoubtfulDateBadge /> : null}
            </span>
          </span>
        ),
      }),
      accessor("unit", { meta: { label: t("columns.unit") } }),
      accessor("queue", { meta: { label: t("columns.queue") }, cell: (cell) => cell.getValue() ?? dash }),
      accessor("agent", {
        meta: { label: t("columns.agent") },
        cell: ({ row: { original } }) =>
          original.agentName ? (
            <span title={original.agent ?? undefined}>{original.agentName}</span>
          ) : (
            (original.agent ?? dash)
          ),
      }),
      accessor("direction", {
        meta: { label: t("columns.direction") },
        cell: (cell) => t(`directions.${cell.getValue()}`),
      }),
      accessor("number", {
        meta: { label: t("columns.number"), className: "whitespace-nowrap" },
        cell: ({ row: { original } }) => <CustomerNumber {...original} />,
      }),
      ...(["protocol", "customerReference", "taxId"] as const).map((name) =>
        accessor(name, {
          meta: { label: t(`columns.${name}`), hiddenAtFirst: true, className: "font-mono text-sm" },
          cell: (cell) => cell.getValue() ?? dash,
        }),
      ),
      accessor("durationMs", {
        id: "duration",
        meta: { label: t("columns.duration"), sort: "duration", align: "end", className: "tabular-nums" },
        cell: ({ row: { original } }) => <CallDuration {...original} isLongest={isByDuration} />,
      }),
      accessor("state", {
        meta: { label: t("columns.state") },
        cell: (cell) => <RecordingState state={cell.getValue()} />,
      }),
      accessor("retainUntil", {
        meta: { label: t("columns.retainUntil"), hiddenAtFirst: true, className: "tabular-nums" },
        cell: ({ row: { original } }) =>
          original.retainUntil ? <KeptUntil retainUntil={original.retainUntil} /> : dash,
      }),
      accessor("sizeBytes", {
        id: "size",
        meta: { label: t("columns.size"), align: "end", hiddenAtFirst: true, className: "tabular-nums" },
        cell: (cell) => (cell.getValue() === null ? dash : formatBytes(cell.getValue()!, locale)),
      }),
      accessor("sourceCallId", {
        meta: { label: t("columns.sourceCallId"), hiddenAtFirst: true, className: "font-mono text-sm" },
      }),
    ]);
  }, [t, locale, isByDuration]);
}
