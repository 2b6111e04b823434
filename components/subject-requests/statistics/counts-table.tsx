import { useLocale } from "next-intl";
import { PlainTable } from "@/components/table/plain-table";
import { formatNumber } from "@/lib/i18n/format";

type Row = { key: string; name: string; counts: readonly number[] };

type CountsTableProps = { label: string; of: string; counted: readonly string[]; rows: readonly Row[] };

/** Names with one or more counts each. */
export function CountsTable({ label, of, counted, rows }: CountsTableProps) {
  const locale = useLocale();
  const columns = counted.map((name, index) => ({
    ...{ key: name, label: name, align: "end" as const, className: "tabular-nums" },
    cell: ({ counts }: Row) => formatNumber(counts[index]!, locale),
  }));
  const name = { key: "name", label: of, className: "sm:whitespace-normal", cell: (row: Row) => row.name };
  return <PlainTable label={label} columns={[name, ...columns]} rows={rows} rowId={({ key }) => key} />;
}
