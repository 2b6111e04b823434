import type { Route } from "next";
import { useLocale, useTranslations } from "next-intl";
import Link from "next/link";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRegion, TableRow } from "@/components/ui/table";
import { KeptUntil } from "@/components/recordings/kept-until";
import { TimeText } from "@/components/ui/time-text";
import type { DeletionOrderPreview, DeletionSample } from "@/lib/deletion/orders/preview-deletion-order";
import { formatBytes } from "@/lib/i18n/format";

type Row = DeletionSample | DeletionOrderPreview["keptSample"][number];

/** Lists some recordings of a deletion order as links, and why recordings are kept. */
export function DeletionSampleTable({ title, rows }: { title: string; rows: readonly Row[] }) {
  const t = useTranslations("deletionOrders.sample");
  const locale = useLocale();
  if (rows.length === 0) return null;
  return (
    <TableRegion label={title}>
      <Table>
        <caption className="pb-1 text-left text-sm text-ink-muted">{title}</caption>
        <TableHead>
          <TableRow>
            {(["call", "unit", "queue", "size", "reason" in rows[0]! ? "keptBy" : "keptUntil"] as const).map(
              (column) => (
                <TableHeader key={column}>{t(column)}</TableHeader>
              ),
            )}
          </TableRow>
        </TableHead>
        <TableBody>
          {rows.map((row) => (
            <TableRow key={row.recordingId}>
              <TableCell>
                <Link href={`/recordings/${row.recordingId}` as Route} className="text-accent hover:underline">
                  <TimeText value={row.startedAt} />
                </Link>
              </TableCell>
              <TableCell>{row.unit}</TableCell>
              <TableCell>{row.queue ?? "–"}</TableCell>
              <TableCell>{row.sizeBytes === null ? "–" : formatBytes(row.sizeBytes, locale)}</TableCell>
              <TableCell>
                <Kept row={row} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableRegion>
  );
}

function Kept({ row }: { row: Row }) {
  const t = useTranslations("deletionOrders.sample");
  if ("reason" in row && row.reason !== "minimum") return t(row.reason);
  if ("reason" in row) return t.rich("minimum", { until: () => <KeptUntil retainUntil={row.minimumUntil!} /> });
  return row.retainUntil ? <KeptUntil retainUntil={row.retainUntil} /> : "–";
}
