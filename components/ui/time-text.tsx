import { useLocale, useNow, useTimeZone } from "next-intl";
import {
  formatDate,
  formatDateTime,
  formatFullDateTime,
  formatMonth,
  formatRelative,
  isoMoment,
  type Moment,
} from "@/lib/i18n/format";

export type TimeTextProps = {
  value: Moment;
  /** IANA zone, for example the unit's; default: the controller's. */
  timeZone?: string;
  as?: "date-time" | "seconds" | "date" | "relative" | "month";
  className?: string;
};

/**
 * A time in a named zone, with the same text on the server and in the browser. Its title has the full time with offset,
 * but for a month: of its days nothing is known.
 */
export function TimeText({ value, timeZone, as = "date-time", className }: TimeTextProps) {
  const locale = useLocale();
  const controllerZone = useTimeZone();
  const now = useNow();
  const zone = timeZone ?? controllerZone ?? "UTC";
  const texts = {
    "date-time": () => formatDateTime(value, zone),
    seconds: () => formatDateTime(value, zone, { seconds: true }),
    date: () => formatDate(value, zone),
    relative: () => formatRelative(value, now, locale),
    month: () => formatMonth(value, zone),
  };
  if (as === "month") return <span className={className}>{texts.month()}</span>;
  return (
    <time
      dateTime={isoMoment(value)}
      title={`${formatFullDateTime(value, zone, locale)} (${zone})`}
      className={className}
    >
      {texts[as]()}
    </time>
  );
}
