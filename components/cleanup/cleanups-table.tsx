import { useLocale, useTranslations } from "next-intl";
import { ReceiptLinks } from "@/components/receipts/receipt-links";
import type { RecordingFacets } from "@/components/recordings/recording-filter-bar";
import { Badge, type Tone } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/empty-state";
import { TableRegion } from "@/components/ui/table";
import { TimeText } from "@/components/ui/time-text";
import type { CleanupRow } from "@/lib/cleanup/list-cleanups";
import { formatBytes, formatNumber } from "@/lib/i18n/format";

const tones: Record<CleanupRow["state"], Tone> = { awaiting_approval: "caution", running: "info", finished: "positive", rejected: "neutral" };
const columns = ["createdAt", "requestedBy", "selection", "state", "expected", "marked", "deleted", "deleting", "receipt"] as const;

type CleanupsTableProps = { cleanups: readonly CleanupRow[]; facets: RecordingFacets; mayIssueReceipts: boolean };

/** Cleanups that were ordered: by whom, of what, why, how far each is, and the receipt once all of it is deleted. */
export function CleanupsTable({ cleanups, facets, mayIssueReceipts }: CleanupsTableProps) {
  const t = useTranslations("cleanup.orders");
  if (cleanups.length === 0) return <EmptyState title={t("emptyTitle")} description={t("emptyDescription")} />;
  return (
    <TableRegion label={t("title")}>
      <table role="table" aria-label={t("title")} className="data-table w-full border-collapse text-left">
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th key={column} role="columnheader" scope="col">
                {t(`columns.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {cleanups.map((cleanup) => (
            <Cleanup key={cleanup.id} cleanup={cleanup} facets={facets} mayIssueReceipts={mayIssueReceipts} />
          ))}
        </tbody>
      </table>
    </TableRegion>
  );
}

function Cleanup({ cleanup, facets, mayIssueReceipts }: Omit<CleanupsTableProps, "cleanups"> & { cleanup: CleanupRow }) {
  const t = useTranslations("cleanup.orders");
  const locale = useLocale();
  const { createdAt, requestedBy, state, expectedRecordings, expectedBytes, markedRecordings, deleted, deleting, justification } = cleanup;
  // An order is finished with marking before the stores are finished with deleting.
  const shown = state === "finished" && deleting > 0 ? "running" : state;
  const number = (value: number) => formatNumber(value, locale);
  return (
    <tr role="row">
      <td role="cell" data-primary className="whitespace-nowrap">
        <TimeText value={createdAt} />
      </td>
      <td role="cell" data-label={t("columns.requestedBy")}>
        {requestedBy ?? t("command")}
      </td>
      <td role="cell" data-label={t("columns.selection")} className="max-w-prose">
        <p>{useSelectionText()(cleanup.selection, facets)}</p>
        <p className="break-words text-sm text-ink-muted">{justification}</p>
      </td>
      <td role="cell" data-label={t("columns.state")}>
        <Badge tone={tones[shown]}>{t(`states.${shown}`)}</Badge>
      </td>
      <td role="cell" data-label={t("columns.expected")}>{`${number(expectedRecordings)} (${formatBytes(expectedBytes, locale)})`}</td>
      <td role="cell" data-label={t("columns.marked")}>
        {number(markedRecordings)}
      </td>
      <td role="cell" data-label={t("columns.deleted")}>
        {number(deleted)}
      </td>
      <td role="cell" data-label={t("columns.deleting")}>
        {number(deleting)}
      </td>
      <td role="cell" data-label={t("columns.receipt")}>
        {shown === "finished" && mayIssueReceipts ? <ReceiptLinks href={`/api/receipts/orders/${cleanup.id}`} /> : "–"}
      </td>
    </tr>
  );
}

/** What an order selected, in words. */
function useSelectionText(): (selection: CleanupRow["selection"], facets: RecordingFacets) => string {
  const t = useTranslations("cleanup.selection");
  return ({ before, unitId, queueId, recordingIds, state }, facets) => {
    const queue = facets.queues.find(({ id }) => id === queueId);
    return [
      t(state === "rejected" ? "rejected" : "stored"),
      typeof before === "string" ? t("before", { day: before.split("-").reverse().join("/") }) : null,
      unitId ? t("unit", { unit: facets.units.find(({ id }) => id === unitId)?.name ?? String(unitId) }) : null,
      queueId ? t("queue", { queue: queue?.code ?? String(queueId) }) : null,
      Array.isArray(recordingIds) ? t("ids", { count: recordingIds.length }) : null,
    ]
      .filter((part) => part !== null)
      .join(" · ");
  };
}
