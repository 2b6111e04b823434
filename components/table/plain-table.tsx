import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { TableRegion } from "@/components/ui/table";

export type PlainColumn<Row> = {
  key: string;
  label: string;
  cell: (row: Row) => ReactNode;
  align?: "end";
  className?: string;
};

type PlainTableProps<Row> = {
  label: string;
  columns: readonly PlainColumn<Row>[];
  rows: readonly Row[];
  rowId: (row: Row) => string;
};

/**
 * A table without sorting or choice of columns, rendered on the server. On a phone its rows are cards, titled by the
 * first column.
 */
export function PlainTable<Row>({ label, columns, rows, rowId }: PlainTableProps<Row>) {
  const alignment = ({ align }: PlainColumn<Row>) => align === "end" && "sm:text-right";
  return (
    <TableRegion label={label}>
      <table role="table" aria-label={label} className="data-table w-full border-collapse text-left">
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th key={column.key} role="columnheader" scope="col" className={cn(alignment(column))}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={rowId(row)} role="row">
              {columns.map((column, index) => (
                <td
                  key={column.key}
                  role="cell"
                  data-primary={index === 0 ? "" : undefined}
                  data-label={index === 0 ? undefined : column.label}
                  className={cn(alignment(column), column.className)}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableRegion>
  );
}
