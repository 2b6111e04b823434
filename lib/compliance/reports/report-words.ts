import { createTranslator } from "use-intl/core";
import { eventWords } from "@/lib/audit/table/event-words";
import type { Figure, FigureSubject } from "@/lib/compliance/reports/figures/figure";
import { formatDate, formatDateTime, formatNumber, formatZoneName } from "@/lib/i18n/format";
import type { Locale } from "@/lib/i18n/locales";
import { loadMessages } from "@/lib/i18n/namespaces";

/** The words of a report in its language. @param names current names of people and units, by id. */
export async function reportWords(locale: Locale, names: ReadonlyMap<string, string>) {
  const messages = await loadMessages(locale);
  const say = createTranslator({ locale, messages, namespace: "reports.document" });
  const { sentence } = await eventWords(locale);
  const purposes: Record<string, string> = messages.player.purposes;
  const reasons: Record<string, string> = messages.recordings.detail.deletionReasons;
  const subject = ({ kind, id }: FigureSubject, hasFailed = false): string => {
    if (kind === "action") return sentence(id, hasFailed);
    if (kind === "purpose") return purposes[id] ?? id;
    if (kind === "reason") return id === "" ? say("unstated") : (reasons[id] ?? id);
    return names.get(id) ?? id;
  };
  return {
    locale,
    say,
    subject: (figure: Figure) => (figure.of ? subject(figure.of, figure.name === "failedEvents") : ""),
    role: (code: keyof typeof messages.shell.roles) => messages.shell.roles[code],
    purpose: (code: string | null) => (code === null ? "" : (purposes[code] ?? code)),
    number: (value: number | null) => (value === null ? "–" : formatNumber(value, locale)),
    /** A calendar day: "2026-11-29". */
    day: (day: string) => formatDate(`${day}T12:00:00Z`, "UTC"),
    time: formatDateTime,
    zone: (timeZone: string) => formatZoneName(timeZone, locale),
  };
}

export type ReportWords = Awaited<ReturnType<typeof reportWords>>;
