import { useLocale, useTranslations } from "next-intl";
import { DueChart } from "@/components/retention/due-chart";
import { blockedHref, doubtfulHref, dueHref } from "@/components/retention/due-href";
import { DueLegend } from "@/components/retention/due-legend";
import { DueTable } from "@/components/retention/due-table";
import { CardBody } from "@/components/ui/card";
import { TextLink } from "@/components/ui/text-link";
import { formatBytes } from "@/lib/i18n/format";
import type { RetentionForecast } from "@/lib/retention/forecast-retention";

/**
 * Shows what is due now, what is already in deletion, what each policy will delete on each coming day, and apart from
 * that what legal holds keep. All numbers link to the recordings.
 */
export function DueCalendar({ forecast, waiting }: { forecast: RetentionForecast; waiting: number }) {
  const t = useTranslations("dueCalendar");
  const locale = useLocale();
  const { today, dueNow, days, held, doubtfulDate, blocked, policies } = forecast;
  return (
    <CardBody className="grid grid-cols-1 gap-4">
      <div>
        <p className="text-md">
          {t.rich("now", {
            count: dueNow.recordings,
            size: formatBytes(dueNow.sizeBytes, locale),
            link: (text) => <TextLink href={dueHref({ to: today })}>{text}</TextLink>,
          })}
        </p>
        {waiting > 0 ? (
          <p>{t.rich("waiting", { count: waiting, link: (text) => <TextLink href={"#waiting"}>{text}</TextLink> })}</p>
        ) : null}
        {held > 0 ? (
          <p>
            {t.rich("held", {
              count: held,
              days: days.length,
              link: (text) => <TextLink href={dueHref({ to: days.at(-1)!.day, held: true })}>{text}</TextLink>,
            })}
          </p>
        ) : null}
        {blocked > 0 ? (
          <p>
            {t.rich("blocked", {
              count: blocked,
              link: (text) => <TextLink href={blockedHref}>{text}</TextLink>,
            })}
          </p>
        ) : null}
        {doubtfulDate > 0 ? (
          <p>
            {t.rich("doubtfulDate", {
              count: doubtfulDate,
              link: (text) => <TextLink href={doubtfulHref}>{text}</TextLink>,
            })}
          </p>
        ) : null}
      </div>
      {policies.length === 0 ? (
        <p className="text-ink-muted">{t("nothing", { days: days.length })}</p>
      ) : (
        <>
          <DueChart forecast={forecast} />
          <DueLegend forecast={forecast} />
          <details>
            <summary className="w-fit rounded-sm text-sm font-medium text-accent">{t("asTable")}</summary>
            <div className="mt-3 rounded border border-line">
              <DueTable forecast={forecast} />
            </div>
          </details>
        </>
      )}
    </CardBody>
  );
}
