import { createTranslator } from "use-intl/core";
import { formatDate, formatDateTime, formatLongDate, formatZoneName } from "@/lib/i18n/format";
import type { Locale } from "@/lib/i18n/locales";
import { loadMessages } from "@/lib/i18n/namespaces";

/** The words of a letter in its language; dates in the zone that the caller names. */
export async function letterWords(locale: Locale) {
  const { letters, subjectRequests, player } = await loadMessages(locale);
  const say = createTranslator({ locale, messages: { letters }, namespace: "letters" });
  const names = subjectRequests.rights;
  return {
    locale,
    say,
    rightName: (right: keyof typeof names) => names[right],
    purposeName: (purpose: keyof typeof player.purposes) => player.purposes[purpose],
    zone: (timeZone: string) => formatZoneName(timeZone, locale),
    time: formatDateTime,
    day: formatDate,
    /** A calendar day: "2026-11-29". */
    calendarDay: (day: string) => formatDate(`${day}T12:00:00Z`, "UTC"),
    longDate: (moment: string, timeZone: string) => formatLongDate(moment, timeZone, locale),
  };
}

export type LetterWords = Awaited<ReturnType<typeof letterWords>>;
