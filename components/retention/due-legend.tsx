import { useLocale, useTranslations } from "next-intl";
import Link from "next/link";
import { seriesFills } from "@/components/retention/due-chart";
import { seriesCount } from "@/components/retention/due-chart-layout";
import { dueHref } from "@/components/retention/due-href";
import { formatNumber } from "@/lib/i18n/format";
import type { RetentionForecast } from "@/lib/retention/forecast-retention";

/** Shows the colour of each policy and how many recordings it will delete; each links to them. */
export function DueLegend({ forecast: { days, policies } }: { forecast: RetentionForecast }) {
  const t = useTranslations("dueCalendar");
  const locale = useLocale();
  const [first, last] = [days[0]!.day, days.at(-1)!.day];
  const others = policies.slice(seriesCount).reduce((sum, { recordings }) => sum + recordings, 0);
  return (
    <ul aria-label={t("byPolicy")} className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
      {policies.slice(0, seriesCount).map(({ id, name, recordings }, index) => (
        <li key={id} className="flex items-center gap-1.5">
          <Swatch fill={seriesFills[index]!} />
          <Link
            href={dueHref({ from: first, to: last, policyId: id })}
            prefetch={false}
            className="text-accent hover:underline"
          >
            {name}
          </Link>
          <span className="text-ink-muted">{formatNumber(recordings, locale)}</span>
        </li>
      ))}
      {others > 0 ? (
        <li className="flex items-center gap-1.5">
          <Swatch fill={seriesFills[seriesCount]} />
          {t("others")} <span className="text-ink-muted">{formatNumber(others, locale)}</span>
        </li>
      ) : null}
    </ul>
  );
}

function Swatch({ fill }: { fill: string }) {
  return (
    <svg aria-hidden className="size-2.5 shrink-0">
      <rect width="100%" height="100%" rx={2} className={fill} />
    </svg>
  );
}
