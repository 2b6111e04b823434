import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useCause, useStoreName } from "@/components/ui/code-words";
import { useTimeZoneName } from "@/components/ui/use-time-zone-name";
import { TimeText } from "@/components/ui/time-text";
import { formatBytes, formatDuration } from "@/lib/i18n/format";
import { codeSuccessorOf, currentName } from "@/lib/operation/audit-actions";
import { detailVocabularies } from "@/lib/i18n/detail-vocabularies";
import type { AuditEventItem } from "@/lib/audit/event-descriptions";

type Value = AuditEventItem["details"][string];

const causes = ["code", "reason", "failureCode"];
const stores = ["store", "stores"];
const sizes = ["sizeBytes", "copySizeBytes", "derivedSizeBytes", "bytesDeleted", "expectedBytes", "foundBytes"];
const periods = ["minimum", "period", "waiting", "keptFor", "unprovenKeptFor"];

const heardParts = ["heardParts", "heardHiddenParts", "heardMutedParts", "heardLeftMutedParts", "heardRightMutedParts"];

/** Shows one detail of an event: codes as words, times in the reader's format, ids and numbers unchanged. */
export function DetailValue({ name, value }: { name: string; value: Value }) {
  const t = useTranslations("common");
  const words = useWords(name);
  if (value === null) return t("none");
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (!Array.isArray(value)) return words(value);
  if (value.length === 0) return t("none");
  return value.map((item, index) => (
    <span key={index}>
      {index > 0 ? ", " : null}
      {words(item)}
    </span>
  ));
}

function useWords(name: string): (value: string | number) => ReactNode {
  const t = useTranslations();
  const locale = useLocale();
  const [cause, store, zone] = [useCause(), useStoreName(), useTimeZoneName()];
  return function words(value) {
    const text = currentName(codeSuccessorOf, String(value));
    if (heardParts.includes(name)) return partText(text);
    if (sizes.includes(name)) return formatBytes(Number(value), locale);
    if (stores.includes(name)) return store(text);
    if (name.startsWith("timeZone")) return zone(text);
    if (periods.includes(name))
      return periodText(text, (unit, count) => t(`policies.periods.${unit}`, { value: count }));
    const key = name === "event" ? text.replace("recording.", "") : text;
    const found = detailVocabularies[name]?.find((namespace) => t.has(`${namespace}.${key}` as never));
    if (found) return t(`${found}.${key}` as never);
    if (causes.includes(name)) return cause(text);
    if (isMoment(text)) return <TimeText value={new Date(text)} as="seconds" />;
    return <span className="font-mono text-sm break-all">{text}</span>;
  };
}

/** Formats a part of a call such as "0-3120", in milliseconds. */
const partText = (text: string) =>
  text
    .split("-")
    .map((milliseconds) => formatDuration(Number(milliseconds) / 1000))
    .join("–");

/** Formats a period such as "90 day". */
function periodText(text: string, words: (unit: "day" | "month" | "year", count: number) => string): string {
  const match = /^(\d+) (day|month|year)$/.exec(text);
  return match ? words(match[2] as "day", Number(match[1])) : text;
}

const isMoment = (text: string) => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text);
