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
  /** Name of the column in its heading, in the column menu and beside the value on a phone. */
  label: string;
  /** Key of the server's order (`sort=<key>`); without it the column does not sort. */
  sort?: string;
  align?: "start" | "end";
  /** The cell that names the row; on a phone it is the title of the card. Exactly one column has it. */
  primary?: boolean;
  /** Hidden until somebody asks for it. */
  hiddenAtFirst?: boolean;
  className?: string;
};

export const dataTableFeatures = tableFeatures({ columnVisibilityFeature, columnMeta: metaHelper<DataColumnMeta>() });

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the columns of one table hold values of many types
export type DataColumn<Row extends RowData> = ColumnDef<typeof dataTableFeatures, Row, any>;

/** Column definitions for `<DataTable>`; every column needs an `id` or key and `meta.label`. */
export function dataColumns<Row extends RowData>(): ColumnHelper<typeof dataTableFeatures, Row> {
  return createColumnHelper<typeof dataTableFeatures, Row>();
}

/** Ids of the columns that stay hidden until somebody asks for them. */
export function columnsHiddenAtFirst<Row extends RowData>(columns: readonly DataColumn<Row>[]): string[] {
  return columns.flatMap((column) => {
    const id = column.id ?? ("accessorKey" in column ? String(column.accessorKey) : undefined);
    return column.meta?.hiddenAtFirst && id ? [id] : [];
  });
}
