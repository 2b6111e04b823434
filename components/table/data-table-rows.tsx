"use client";

import type { ReactTable, RowData } from "@tanstack/react-table";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import type { MouseEvent } from "react";
import { cn } from "@/components/ui/cn";
import type { dataTableFeatures } from "@/components/table/data-table-features";

type DataTableRowsProps<Row extends RowData> = {
  table: ReactTable<typeof dataTableFeatures, Row>;
  rowHref?: (row: Row) => string;
};

const interactive = "a, button, input, select, textarea, label, summary, [role='menuitem']";

/** The rows of a list. A click on a row follows its link, unless it hits a control in the row or selects text. */
export function DataTableRows<Row extends RowData>({ table, rowHref }: DataTableRowsProps<Row>) {
  const router = useRouter();
  const open = (event: MouseEvent<HTMLElement>, row: Row) => {
    const target = event.target as HTMLElement;
    if (!rowHref || event.defaultPrevented || target.closest(interactive) || getSelection()?.toString()) return;
    router.push(rowHref(row) as Route);
  };
  return (
    <tbody role="rowgroup">
      {table.getRowModel().rows.map((row) => (
        <tr
          role="row"
          key={row.id}
          onClick={(event) => open(event, row.original)}
          className={cn(rowHref && "cursor-pointer")}
        >
          {row.getVisibleCells().map((cell) => {
            const meta = cell.column.columnDef.meta;
            return (
              <td
                role="cell"
                key={cell.id}
                data-label={meta?.primary ? undefined : meta?.label}
                data-primary={meta?.primary || undefined}
                className={cn(meta?.align === "end" && "sm:text-right", meta?.className)}
              >
                <table.FlexRender cell={cell} />
              </td>
            );
          })}
        </tr>
      ))}
    </tbody>
  );
}
