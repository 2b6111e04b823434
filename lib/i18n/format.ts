import { TZDate } from "@date-fns/tz";
import { format } from "date-fns/format";
import { formatDistance } from "date-fns/formatDistance";
import { enUS } from "date-fns/locale/en-US";
import { ptBR } from "date-fns/locale/pt-BR";
import { startOfDay } from "date-fns/startOfDay";
import type { Locale } from "@/lib/i18n/locales";

/** A time: a Date, an ISO 8601 string, or milliseconds since the epoch. */
export type Moment = Date | string | number;

const dateLocales = { "pt-BR": ptBR, en: enUS };

function inZone(moment: Moment, timeZone: string): TZDate {
  return new TZDate(new Date(moment).getTime(), timeZone);
}

/**
 * `dd/MM/yyyy HH:mm` in an IANA zone, also in English: the same row must not show two different dates. Uses date-fns,
 * because the spaces of Intl differ between the ICU of the server and the browser's.
 */
export function formatDateTime(moment: Moment, timeZone: string, { seconds = false } = {}): string {
  return format(inZone(moment, timeZone), seconds ? "dd/MM/yyyy HH:mm:ss" : "dd/MM/yyyy HH:mm");
}

/** `dd/MM/yyyy` in an IANA zone. */
export function formatDate(moment: Moment, timeZone: string): string {
  return format(inZone(moment, timeZone), "dd/MM/yyyy");
}

/** `MM/yyyy` in an IANA zone. */
export function formatMonth(moment: Moment, timeZone: string): string {
  return format(inZone(moment, timeZone), "MM/yyyy");
}

/**
 * Returns the end of the last whole day before an instant: what may be deleted from `until` on is kept until that day,
 * inclusive. Midnight belongs to the day that it begins.
 */
export function lastWholeDay(until: Moment, timeZone: string): Date {
  return new Date(startOfDay(inZone(until, timeZone)).getTime() - 1);
}

/** The last day before `until`, inclusive, as `dd/MM/yyyy`: how every "until" is shown. */
export function formatUntil(until: Moment, timeZone: string): string {
  return formatDate(lastWholeDay(until, timeZone), timeZone);
}

/** The time with its offset from UTC where others beside it are in another zone: "24/11/2026 14:16 (UTC-04:00)". */
export function formatBeside(moment: Moment, timeZone: string, besides: string): string {
  return `${formatDateTime(moment, timeZone)}${offsetBeside(moment, timeZone, besides)}`;
}

/** " (UTC-04:00)", or nothing if both zones are the same. */
export function offsetBeside(moment: Moment, timeZone: string, besides: string): string {
  return timeZone === besides ? "" : ` (UTC${format(inZone(moment, timeZone), "xxx")})`;
}

/** "29 de novembro de 2026", "29 November 2026". */
export function formatLongDate(moment: Moment, timeZone: string, locale: Locale): string {
  const pattern = locale === "pt-BR" ? "d 'de' MMMM 'de' yyyy" : "d MMMM yyyy";
  return format(inZone(moment, timeZone), pattern, { locale: dateLocales[locale] });
}

/** "horário de Brasília", "Brasilia Time": no zone of Brazil has another time in summer. */
export function formatZoneName(timeZone: string, locale: Locale): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: "longGeneric" }).formatToParts(0);
  const name = parts.find(({ type }) => type === "timeZoneName")!.value.replace(/ (Padrão|Standard)\b/, "");
  return locale === "pt-BR" ? name.replace(/^Horário/, "horário") : name;
}

/** `HH:mm` in an IANA zone. */
export function formatTime(moment: Moment, timeZone: string): string {
  return format(inZone(moment, timeZone), "HH:mm");
}

/** The time in words with its offset, for titles: "sábado, 21 de novembro de 2026 10:05:07 -03:00". */
export function formatFullDateTime(moment: Moment, timeZone: string, locale: Locale): string {
  const pattern = locale === "pt-BR" ? "EEEE, d 'de' MMMM 'de' yyyy HH:mm:ss xxx" : "EEEE, d MMMM yyyy HH:mm:ss xxx";
  return format(inZone(moment, timeZone), pattern, { locale: dateLocales[locale] });
}

/** The distance from `now` in words: "há 3 dias", "in about 2 hours". */
export function formatRelative(moment: Moment, now: Moment, locale: Locale): string {
  return formatDistance(new Date(moment), new Date(now), { addSuffix: true, locale: dateLocales[locale] });
}

/** The time for machines, for `<time datetime>`. */
export function isoMoment(moment: Moment): string {
  return new Date(moment).toISOString();
}

/** A duration in seconds as `mm:ss`, or `h:mm:ss` from one hour on. Drops fractions of a second. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = String(Math.floor((whole % 3600) / 60)).padStart(2, "0");
  const rest = String(whole % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${minutes}:${rest}` : `${minutes}:${rest}`;
}

/** A number with the separators of the language and at most `digits` decimals. */
export function formatNumber(value: number | bigint, locale: Locale, digits = 0): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
}

/** A share between 0 and 1 as a percentage. */
export function formatPercent(share: number, locale: Locale, digits = 0): string {
  return `${formatNumber(share * 100, locale, digits)}%`;
}

/** A size in decimal units (1 kB = 1000 B), as disks and object stores count. */
export function formatBytes(bytes: number, locale: Locale): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let value = Math.max(0, bytes);
  let unit = 0;
  // 999 950 would round up to "1000 kB".
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${formatNumber(value, locale, unit === 0 ? 0 : 1)} ${units[unit]}`;
}

/** The protocol number of a request for display: "20261129.000001-4". */
export const formatProtocol = (number: string) => number.replace(/^(\d{8})(\d{6})(\d)$/, "$1.$2-$3");
