import type { ReactTable, RowData } from "@tanstack/react-table";
import { cn } from "@/components/ui/cn";
import type { dataTableFeatures } from "@/components/table/data-table-features";
import { SortLink } from "@/components/table/sort-link";
import type { Sort } from "@/components/table/url-state";

type DataTableHeadProps<Row extends RowData> = { table: ReactTable<typeof dataTableFeatures, Row>; sort?: Sort };

/** The headings of a list. Those of sortable columns are links. */
export function DataTableHead<Row extends RowData>({ table, sort }: DataTableHeadProps<Row>) {
  return (
    <thead role="rowgroup">
      {table.getHeaderGroups().map((group) => (
        <tr role="row" key={group.id}>
          {group.headers.map((header) => {
            const meta = header.column.columnDef.meta;
            const sorted = meta?.sort !== undefined && sort?.key === meta.sort;
            return (
              <th
                role="columnheader"
                scope="col"
                key={header.id}
                aria-sort={sorted ? (sort.descending ? "descending" : "ascending") : undefined}
                className={cn(meta?.align === "end" && "sm:text-right")}
              >
                {meta?.sort ? <SortLink sortKey={meta.sort} label={meta.label} sort={sort} /> : meta?.label}
              </th>
            );
          })}
        </tr>
      ))}
    </thead>
  );
}
