import { useLocale, useTranslations } from "next-intl";
import { ReceiptLinks } from "@/components/receipts/receipt-links";
import type { RecordingFacets } from "@/components/recordings/use-recording-options";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import { Badge, type Tone } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/empty-state";
import { TimeText } from "@/components/ui/time-text";
import type { DeletionOrderRow } from "@/lib/deletion/orders/list-deletion-orders";
import { formatBytes, formatNumber } from "@/lib/i18n/format";

const tones: Record<DeletionOrderRow["state"], Tone> = {
  awaiting_approval: "caution",
  running: "info",
  finished: "positive",
  rejected: "neutral",
};

type DeletionOrdersTableProps = {
  orders: readonly DeletionOrderRow[];
  facets: RecordingFacets;
  mayIssueReceipts: boolean;
};

/** Lists deletion orders: by whom, of what, why, their progress, and the receipt of a completed one. */
export function DeletionOrdersTable({ orders, facets, mayIssueReceipts }: DeletionOrdersTableProps) {
  const [t, grounds] = [useTranslations("deletionOrders.orders"), useTranslations("deletionOrders.grounds")];
  const locale = useLocale();
  const selectionText = useSelectionText();
  if (orders.length === 0) return <EmptyState title={t("emptyTitle")} description={t("emptyDescription")} />;
  const columns: PlainColumn<DeletionOrderRow>[] = [
    {
      key: "createdAt",
      label: t("columns.createdAt"),
      className: "whitespace-nowrap",
      cell: ({ createdAt }) => <TimeText value={createdAt} />,
    },
    { key: "requestedBy", label: t("columns.requestedBy"), cell: ({ requestedBy }) => requestedBy ?? t("command") },
    {
      key: "selection",
      label: t("columns.selection"),
      className: "max-w-prose",
      cell: ({ selection, justification, legalGround, legalGroundWords }) => (
        <>
          <p>{selectionText(selection, facets)}</p>
          <p className="break-words text-sm text-ink-muted">{justification}</p>
          <p className="break-words text-sm text-ink-muted">
            {grounds("of", { ground: legalGroundWords ?? grounds(legalGround ? `codes.${legalGround}` : "none") })}
          </p>
        </>
      ),
    },
    {
      key: "state",
      label: t("columns.state"),
      cell: (order) => <DeletionOrderState order={order} mayIssueReceipts={mayIssueReceipts} />,
    },
    {
      key: "expected",
      label: t("columns.expected"),
      cell: ({ expectedRecordings, expectedCalls, expectedBytes }) => (
        <>
          <p>{`${formatNumber(expectedRecordings, locale)} (${formatBytes(expectedBytes, locale)})`}</p>
          {expectedCalls === null ? null : (
            <p className="text-sm text-ink-muted">{t("ofCalls", { count: expectedCalls })}</p>
          )}
        </>
      ),
    },
    {
      key: "marked",
      label: t("columns.marked"),
      cell: ({ markedRecordings }) => formatNumber(markedRecordings, locale),
    },
    { key: "deleted", label: t("columns.deleted"), cell: ({ deleted }) => formatNumber(deleted, locale) },
    { key: "kept", label: t("columns.kept"), cell: ({ keptRecordings }) => formatNumber(keptRecordings, locale) },
    { key: "deleting", label: t("columns.deleting"), cell: ({ deleting }) => formatNumber(deleting, locale) },
  ];
  return <PlainTable label={t("title")} columns={columns} rows={orders} rowId={({ id }) => id} />;
}

/** Deleting from the stores continues after the order has marked everything. */
function shownState({ state, deleting }: DeletionOrderRow): DeletionOrderRow["state"] {
  return state === "finished" && deleting > 0 ? "running" : state;
}

/** Shows the state, with the receipt once nothing of the order is left. */
function DeletionOrderState({ order, mayIssueReceipts }: { order: DeletionOrderRow; mayIssueReceipts: boolean }) {
  const t = useTranslations("deletionOrders.orders");
  const shown = shownState(order);
  return (
    <>
      <Badge tone={tones[shown]}>{t(`states.${shown}`)}</Badge>
      {mayIssueReceipts && shown === "finished" && order.deleted > 0 ? (
        <ReceiptLinks href={`/api/receipts/deletion-orders/${order.id}`} compact />
      ) : null}
    </>
  );
}

/** Describes the selection of an order. */
function useSelectionText(): (selection: DeletionOrderRow["selection"], facets: RecordingFacets) => string {
  const t = useTranslations("deletionOrders.selection");
  return ({ before, unitId, queueId, recordingIds, wholeCalls, state }, facets) => {
    const queue = facets.queues.find(({ id }) => id === queueId);
    return [
      t(state === "rejected" ? "rejected" : "stored"),
      typeof before === "string" ? t("before", { day: before.split("-").reverse().join("/") }) : null,
      unitId ? t("unit", { unit: facets.units.find(({ id }) => id === unitId)?.name ?? String(unitId) }) : null,
      queueId ? t("queue", { queue: queue?.code ?? String(queueId) }) : null,
      Array.isArray(recordingIds) ? t("ids", { count: recordingIds.length }) : null,
      wholeCalls ? t("wholeCalls") : null,
    ]
      .filter((part) => part !== null)
      .join(" · ");
  };
}
