import { createTranslator } from "use-intl/core";
import { formatDate, formatDateTime } from "@/lib/i18n/format";
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
    zone: (timeZone: string) => zoneName(timeZone, locale),
    time: formatDateTime,
    day: formatDate,
    /** A calendar day: "2026-11-29". */
    calendarDay: (day: string) => formatDate(`${day}T12:00:00Z`, "UTC"),
    longDate: (moment: string, timeZone: string) =>
      new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, { dateStyle: "long", timeZone }).format(
        new Date(moment),
      ),
  };
}

/** "horário de Brasília", "Brasilia Time": no zone of Brazil has another time in summer. */
function zoneName(timeZone: string, locale: Locale): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: "longGeneric" }).formatToParts(0);
  const name = parts.find(({ type }) => type === "timeZoneName")!.value.replace(/ (Padrão|Standard)\b/, "");
  return locale === "pt-BR" ? name.replace(/^Horário/, "horário") : name;
}

export type LetterWords = Awaited<ReturnType<typeof letterWords>>;
