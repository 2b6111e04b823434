import { useLocale, useTranslations } from "next-intl";
import Link from "next/link";
import { cn } from "@/components/ui/cn";
import { chartHeight, layOutDueChart, seriesCount, type Column } from "@/components/retention/due-chart-layout";
import { dueHref, writtenDay } from "@/components/retention/due-href";
import { formatBytes, formatNumber } from "@/lib/i18n/format";
import type { RetentionForecast } from "@/lib/retention/forecast-retention";

export const seriesFills = [
  "fill-series-1",
  "fill-series-2",
  "fill-series-3",
  "fill-series-4",
  "fill-series-5",
  "fill-series-6",
  "fill-series-others",
] as const;

const labelEvery = 5;
const percent = (value: number) => `${value}%`;

/**
 * Shows what is deleted on each coming day, with policies stacked. A day is a link for pointer and keyboard. The parts
 * of a bar are links for the pointer only: keyboard users find them in the table below.
 */
export function DueChart({ forecast }: { forecast: RetentionForecast }) {
  const t = useTranslations("dueCalendar");
  const locale = useLocale();
  const { columns, ticks } = layOutDueChart(forecast);
  return (
    <div className="flex gap-2">
      <svg aria-hidden height={chartHeight} className="w-8 shrink-0 overflow-visible">
        {ticks.map(({ value, y }) => (
          <text key={value} x="100%" y={y} dy="0.32em" textAnchor="end" className="fill-ink-muted text-xs">
            {formatNumber(value, locale)}
          </text>
        ))}
      </svg>
      <svg
        role="group"
        aria-label={t("chart", { days: columns.length })}
        height={chartHeight + 20}
        className="min-w-0 flex-1 overflow-visible"
      >
        {ticks.map(({ value, y }) => (
          <line key={value} x1="0" x2="100%" y1={y} y2={y} className="stroke-line" />
        ))}
        {columns.map((column, index) => (
          <g key={column.day.day}>
            {column.day.recordings > 0 ? <DueBar column={column} policies={forecast.policies} /> : null}
            {index % labelEvery === 0 ? (
              <text
                aria-hidden
                x={percent(column.x + (index === 0 ? 0 : column.width / 2))}
                y={chartHeight + 16}
                textAnchor={index === 0 ? "start" : "middle"}
                className={cn("fill-ink-muted text-xs", index % (2 * labelEvery) !== 0 && "max-sm:hidden")}
              >
                {writtenDay(column.day.day).slice(0, 5)}
              </text>
            ) : null}
          </g>
        ))}
      </svg>
    </div>
  );
}

function DueBar({
  column: { day, x, width, step, segments },
  policies,
}: {
  column: Column;
  policies: RetentionForecast["policies"];
}) {
  const t = useTranslations("dueCalendar");
  const locale = useLocale();
  const wholeDay = t("day", {
    day: writtenDay(day.day),
    count: day.recordings,
    size: formatBytes(day.sizeBytes, locale),
  });
  const nameOf = (policyId: string | null) => policies.find(({ id }) => id === policyId)?.name ?? t("others");
  return (
    <>
      <Link
        href={dueHref({ from: day.day, to: day.day })}
        prefetch={false}
        aria-label={wholeDay}
        className="outline-offset-0"
      >
        <title>{wholeDay}</title>
        <rect
          x={percent(x - (step - width) / 2)}
          width={percent(step)}
          y={0}
          height={chartHeight}
          className="fill-transparent hover:fill-sunken"
        />
      </Link>
      {segments.map(({ series, policyId, recordings, y, height }) => (
        <Link
          key={series}
          href={dueHref({ from: day.day, to: day.day, policyId })}
          prefetch={false}
          tabIndex={-1}
          aria-hidden
        >
          <title>{t("dayAndPolicy", { day: writtenDay(day.day), policy: nameOf(policyId), count: recordings })}</title>
          <rect
            x={percent(x)}
            width={percent(width)}
            y={y}
            height={height}
            className={cn("stroke-raised hover:opacity-75", seriesFills[Math.min(series, seriesCount)])}
          />
        </Link>
      ))}
    </>
  );
}
