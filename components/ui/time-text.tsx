import { useLocale, useNow, useTimeZone } from "next-intl";
import {
  formatDate,
  formatDateTime,
  formatFullDateTime,
  formatMonth,
  formatRelative,
  isoMoment,
  offsetBeside,
  type Moment,
} from "@/lib/i18n/format";

export type TimeTextProps = {
  value: Moment;
  /** IANA zone, for example the unit's; default: the controller's. */
  timeZone?: string;
  as?: "date-time" | "seconds" | "date" | "relative" | "month";
  /** The zone of the times beside it: where it differs, the offset stands by the time. Default: the controller's. */
  beside?: string;
  className?: string;
};

/**
 * A time in a named zone, with the same text on the server and in the browser. Its title has the full time with offset,
 * but for a month: of its days nothing is known. A time of a zone that is not that of the others names its offset.
 */
export function TimeText({ value, timeZone, as = "date-time", beside, className }: TimeTextProps) {
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
  const hasClock = as === "date-time" || as === "seconds";
  const offset = hasClock ? offsetBeside(value, zone, beside ?? controllerZone ?? zone) : "";
  if (as === "month") return <span className={className}>{texts.month()}</span>;
  return (
    <time
      dateTime={isoMoment(value)}
      title={`${formatFullDateTime(value, zone, locale)} (${zone})`}
      className={className}
    >
      {texts[as]()}
      {offset}
    </time>
  );
}
