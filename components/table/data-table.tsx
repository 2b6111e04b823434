"use client";

import { useTable, type RowData } from "@tanstack/react-table";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { EmptyState } from "@/components/ui/empty-state";
import { TableRegion } from "@/components/ui/table";
import { ColumnMenu } from "@/components/table/column-menu";
import { columnsHiddenAtFirst, dataTableFeatures, type DataColumn } from "@/components/table/data-table-features";
import { DataTableHead } from "@/components/table/data-table-head";
import { DataTableRows } from "@/components/table/data-table-rows";
import type { Sort } from "@/components/table/url-state";
import { useColumnChoice } from "@/components/table/use-column-choice";

export type DataTableProps<Row extends RowData> = {
  /** Names the saved choice of columns, e.g. "recordings". */
  id: string;
  /** The accessible name of the table. */
  label: string;
  columns: DataColumn<Row>[];
  rows: readonly Row[];
  rowId: (row: Row) => string;
  /** The target of a click on the row. The primary cell must have a link to it, for the keyboard. */
  rowHref?: (row: Row) => string;
  sort?: Sort;
  /** From `readHiddenColumns(id)` on the server. */
  hiddenColumns?: readonly string[];
  /** Left of the column menu: a count, actions. */
  toolbar?: ReactNode;
  /** Shown instead of rows when there are none. */
  empty?: ReactNode;
};

/** A list from the server. Its order is in the URL, its columns can be chosen, its rows are cards on a phone. */
export function DataTable<Row extends RowData>(props: DataTableProps<Row>) {
  const { id, label, columns, rows, rowId, rowHref, sort, hiddenColumns, toolbar, empty } = props;
  const t = useTranslations("common.table");
  const choice = useColumnChoice(id, columnsHiddenAtFirst(columns), hiddenColumns);
  const table = useTable({
    features: dataTableFeatures,
    columns,
    data: rows,
    getRowId: rowId,
    state: { columnVisibility: choice.visibility },
  });
  const choosable = table.getAllLeafColumns().flatMap((column) => {
    const meta = column.columnDef.meta;
    return !meta || meta.primary || !column.getCanHide()
      ? []
      : [{ id: column.id, label: meta.label, visible: column.getIsVisible() }];
  });
  return (
    <div className="min-w-0">
      <div className="flex min-h-11 flex-wrap items-center justify-between gap-3 border-b border-line px-4 py-2">
        <div className="flex min-w-0 flex-wrap items-center gap-3 text-sm text-ink-muted">{toolbar}</div>
        <ColumnMenu columns={choosable} onToggle={choice.toggle} onReset={choice.reset} />
      </div>
      {rows.length === 0 ? (
        (empty ?? <EmptyState title={t("emptyTitle")} description={t("emptyDescription")} />)
      ) : (
        <TableRegion label={label}>
          <table role="table" aria-label={label} className="data-table w-full border-collapse text-left">
            <DataTableHead table={table} sort={sort} />
            <DataTableRows table={table} rowHref={rowHref} />
          </table>
        </TableRegion>
      )}
    </div>
  );
}
