import { useLocale, useTranslations } from "next-intl";
import { writtenDay } from "@/components/retention/due-href";
import { TextLink } from "@/components/ui/text-link";
import type { AlertRow } from "@/lib/compliance/alerts/list-alerts";
import { formatNumber, formatProtocol } from "@/lib/i18n/format";

export type AlertSentenceProps = { alert: AlertRow; mayReadRequests: boolean; mayReadLog: boolean };

/** What raised an alert, in a sentence, with a link to what happened. */
export function AlertSentence({ alert, mayReadRequests, mayReadLog }: AlertSentenceProps) {
  const [t, locale] = [useTranslations("alerts"), useLocale()];
  const { rule, person, protocol, value, threshold, day } = alert;
  const sentence = t(`rules.${rule}`, {
    person: person ?? t("somebody"),
    protocol: protocol === null ? "" : formatProtocol(protocol),
    value: formatNumber(value, locale),
    people: formatNumber(Number(alert.evidence.people ?? 0), locale),
  });
  const link = linkOf(alert, mayReadRequests, mayReadLog);
  return (
    <>
      <p>{sentence}</p>
      <p className="text-sm text-ink-muted">
        {writtenDay(day)}
        {threshold === null ? null : ` · ${t("threshold", { value: formatNumber(threshold, locale) })}`}
        {link ? (
          <>
            {" · "}
            <TextLink href={link}>{t("look")}</TextLink>
          </>
        ) : null}
      </p>
    </>
  );
}

/** Where the reader sees what happened: the request, the recording, or the events of the day. */
function linkOf({ rule, subject, day, userId, evidence }: AlertRow, mayReadRequests: boolean, mayReadLog: boolean) {
  if (rule === "request_overdue") return mayReadRequests ? `/privacy-requests/${subject}` : null;
  if (rule === "same_number") return evidence.recordingId ? `/recordings/${evidence.recordingId}` : null;
  if (!mayReadLog) return null;
  const query = new URLSearchParams({ from: day, to: day, ...(userId ? { actor: userId } : {}) });
  return `/audit-log?${query}`;
}
