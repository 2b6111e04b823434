import { useLocale, useTranslations } from "next-intl";
import { dueHref, writtenDay } from "@/components/retention/due-href";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import { RowLink } from "@/components/table/row-link";
import { formatBytes, formatNumber } from "@/lib/i18n/format";
import type { ForecastDay, RetentionForecast } from "@/lib/retention/forecast-retention";

/**
 * The chart as a table: a row for each day on which recordings are due, a column for each policy. Numbers link to what
 * they count.
 */
export function DueTable({ forecast: { days, policies } }: { forecast: RetentionForecast }) {
  const t = useTranslations("dueCalendar");
  const locale = useLocale();
  const busy = days.filter(({ recordings, held }) => recordings + held > 0);
  const columns: PlainColumn<ForecastDay>[] = [
    {
      key: "day",
      label: t("columns.day"),
      className: "whitespace-nowrap",
      cell: ({ day, recordings }) =>
        recordings > 0 ? <RowLink href={dueHref({ from: day, to: day })}>{writtenDay(day)}</RowLink> : writtenDay(day),
    },
    {
      key: "total",
      label: t("columns.total"),
      align: "end",
      cell: ({ recordings }) => formatNumber(recordings, locale),
    },
    { key: "size", label: t("columns.size"), align: "end", cell: ({ sizeBytes }) => formatBytes(sizeBytes, locale) },
    ...policies.map(({ id, name }): PlainColumn<ForecastDay> => ({
      key: id,
      label: name,
      align: "end",
      cell: ({ day, shares }) => {
        const share = shares.find(({ policyId }) => policyId === id);
        return share ? (
          <RowLink href={dueHref({ from: day, to: day, policyId: id })}>
            {formatNumber(share.recordings, locale)}
          </RowLink>
        ) : (
          "–"
        );
      },
    })),
    {
      key: "held",
      label: t("columns.held"),
      align: "end",
      cell: ({ day, held }) =>
        held > 0 ? (
          <RowLink href={dueHref({ from: day, to: day, held: true })}>{formatNumber(held, locale)}</RowLink>
        ) : (
          "–"
        ),
    },
  ];
  return <PlainTable label={t("byDay")} columns={columns} rows={busy} rowId={({ day }) => day} />;
}
