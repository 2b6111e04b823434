import type { Route } from "next";
import { useLocale, useTranslations } from "next-intl";
import { countedAtEnd, isCountedAtEnd } from "@/components/deletion/runs/runs-table";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import { RowLink } from "@/components/table/row-link";
import { formatBytes, formatNumber } from "@/lib/i18n/format";
import type { NamedShare, RetentionRunReport } from "@/lib/deletion/runs/read-retention-run";

const counts = ["due", "deleted", "failed", "remaining", "held", "doubtfulDate", "blocked"] as const;

/** Shows the counts of a run by policy or by unit. */
export function RunSharesTable({ run, by }: { run: RetentionRunReport; by: "policy" | "unit" }) {
  const t = useTranslations("runReport");
  const locale = useLocale();
  // Differs from the section's name, because the table is a landmark too.
  const label = `${t("figures.title")}: ${t(by === "policy" ? "shares.byPolicy" : "shares.byUnit")}`;
  const name = ({ id, name: known }: NamedShare) => known ?? (id === null ? t("shares.none") : id);
  const value = (share: NamedShare, count: (typeof counts)[number]) =>
    countedAtEnd.has(count) && !isCountedAtEnd(run) ? "–" : formatNumber(share[count], locale);
  const columns: PlainColumn<NamedShare>[] = [
    {
      key: by,
      label: t(`shares.${by}`),
      cell: (share) =>
        by === "policy" && share.id ? (
          <RowLink href={`/retention/policies/${share.id}` as Route}>{name(share)}</RowLink>
        ) : (
          name(share)
        ),
    },
    ...counts.map((count): PlainColumn<NamedShare> => ({
      key: count,
      label: t(`figures.${count}`),
      align: "end",
      cell: (share) => value(share, count),
    })),
    {
      key: "bytesDeleted",
      label: t("shares.size"),
      align: "end",
      cell: ({ bytesDeleted }) => formatBytes(bytesDeleted, locale),
    },
  ];
  return (
    <PlainTable
      label={label}
      columns={columns}
      rows={by === "policy" ? run.byPolicy : run.byUnit}
      rowId={({ id }) => id ?? "none"}
    />
  );
}
