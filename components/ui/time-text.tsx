import { useLocale, useNow, useTimeZone } from "next-intl";
import {
  formatDate,
  formatDateTime,
  formatFullDateTime,
  formatRelative,
  isoMoment,
  type Moment,
} from "@/lib/i18n/format";

export type TimeTextProps = {
  value: Moment;
  /** IANA zone, the unit's where there is one; without it the controller's. */
  timeZone?: string;
  as?: "date-time" | "seconds" | "date" | "relative";
  className?: string;
};

/**
 * A moment in a named zone, the same text on the server and in the browser, with the full moment and offset in its
 * title.
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
  };
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
