import { useLocale, useTranslations } from "next-intl";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import { formatNumber, formatPercent } from "@/lib/i18n/format";
import type { Statistics } from "@/lib/subject-requests/statistics/read-statistics";

type Row = Statistics["rights"][number];

const outcomes = ["granted", "partly_granted", "refused", "not_found", "scheduled"] as const;

/** How each right was answered, and in how many days. */
export function RightsStatistics({ rights }: { rights: readonly Row[] }) {
  const t = useTranslations("subjectRequests");
  const locale = useLocale();
  const number = (value: number) => formatNumber(value, locale);
  const days = (value: number | null) => (value === null ? "–" : formatNumber(value, locale, 1));
  const figure = (key: string, label: string, cell: (row: Row) => string): PlainColumn<Row> => ({
    ...{ key, label, align: "end", className: "tabular-nums", cell },
  });
  const columns: PlainColumn<Row>[] = [
    {
      key: "right",
      label: t("columns.right"),
      className: "sm:min-w-56 sm:whitespace-normal",
      cell: ({ right }) => <span className="font-medium">{t(`rights.${right}`)}</span>,
    },
    figure("received", t("statistics.received"), ({ received }) => number(received)),
    figure("open", t("statistics.open"), ({ open }) => number(open)),
    ...outcomes.map((code) => figure(code, t(`outcomes.${code}`), (row) => number(row[code]))),
    figure("withdrawn", t("statistics.withdrawn"), ({ withdrawn }) => number(withdrawn)),
    figure("onTime", t("statistics.onTime"), ({ onTime, answered }) =>
      answered === 0 ? "–" : formatPercent(onTime / answered, locale),
    ),
    figure("average", t("statistics.average"), ({ averageDays }) => days(averageDays)),
    figure("median", t("statistics.median"), ({ medianDays }) => days(medianDays)),
    figure("ninetieth", t("statistics.ninetieth"), ({ ninetiethDays }) => days(ninetiethDays)),
  ];
  return <PlainTable label={t("statistics.figures")} columns={columns} rows={rights} rowId={({ right }) => right} />;
}
