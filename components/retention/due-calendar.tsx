import { useLocale, useTranslations } from "next-intl";
import { CardBody } from "@/components/ui/card";
import { TimeText } from "@/components/ui/time-text";
import { formatBytes, formatNumber } from "@/lib/i18n/format";
import type { RetentionForecast } from "@/lib/retention/forecast-retention";

/** What is due now, and a bar for each coming day on which something falls due. */
export function DueCalendar({ forecast: { dueNow, days, held } }: { forecast: RetentionForecast }) {
  const t = useTranslations("retention.due");
  const locale = useLocale();
  const busy = days.filter(({ recordings }) => recordings > 0);
  const most = Math.max(1, ...busy.map(({ recordings }) => recordings));
  return (
    <CardBody className="grid gap-4">
      <p className="text-md">{t("now", { count: dueNow.recordings, size: formatBytes(dueNow.sizeBytes, locale) })}</p>
      {held > 0 ? <p>{t("held", { count: held, days: days.length })}</p> : null}
      {busy.length === 0 ? (
        <p className="text-ink-muted">{t("nothing", { days: days.length })}</p>
      ) : (
        <ol aria-label={t("coming", { days: days.length })} className="grid gap-x-10 gap-y-1 lg:block lg:columns-2 lg:*:mb-1 lg:*:break-inside-avoid">
          {busy.map(({ day, recordings }) => (
            <li key={day.toISOString()} className="grid grid-cols-[5.5rem_minmax(0,1fr)_4.5rem] items-center gap-3">
              <TimeText value={day} as="date" className="text-sm text-ink-muted" />
              <svg aria-hidden className="h-2.5 w-full rounded-sm bg-sunken" preserveAspectRatio="none">
                <rect width={`${Math.max(1, (recordings / most) * 100)}%`} height="100%" className="fill-accent" />
              </svg>
              <span className="text-right">
                {formatNumber(recordings, locale)} <span className="sr-only">{t("recordings", { count: recordings })}</span>
              </span>
            </li>
          ))}
        </ol>
      )}
    </CardBody>
  );
}
