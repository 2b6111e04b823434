import {
  columnVisibilityFeature,
  createColumnHelper,
  metaHelper,
  tableFeatures,
  type ColumnDef,
  type ColumnHelper,
  type RowData,
} from "@tanstack/react-table";

export type DataColumnMeta = {
  /** The name of the column: in its heading, in the column menu, and beside the value on a phone. */
  label: string;
  /** The server's sort key (`sort=<key>`). Without it the column cannot be sorted. */
  sort?: string;
  align?: "start" | "end";
  /** The cell that names the row: the title of its card on a phone. Exactly one column has it. */
  primary?: boolean;
  /** Hidden until the reader shows it. */
  hiddenAtFirst?: boolean;
  className?: string;
};

export const dataTableFeatures = tableFeatures({ columnVisibilityFeature, columnMeta: metaHelper<DataColumnMeta>() });

// oxlint-disable-next-line typescript/no-explicit-any -- the columns of one table hold values of many types
export type DataColumn<Row extends RowData> = ColumnDef<typeof dataTableFeatures, Row, any>;

/** Defines columns for `<DataTable>`. Every column needs an `id` or key, and `meta.label`. */
export function dataColumns<Row extends RowData>(): ColumnHelper<typeof dataTableFeatures, Row> {
  return createColumnHelper<typeof dataTableFeatures, Row>();
}

/** Returns the ids of the columns that are hidden by default. */
export function columnsHiddenAtFirst<Row extends RowData>(columns: readonly DataColumn<Row>[]): string[] {
  return columns.flatMap((column) => {
    const id = column.id ?? ("accessorKey" in column ? String(column.accessorKey) : undefined);
    return column.meta?.hiddenAtFirst && id ? [id] : [];
  });
}
