import { useLocale, useTranslations } from "next-intl";
import { TimeText } from "@/components/ui/time-text";
import { formatNumber } from "@/lib/i18n/format";
import type { Evidence } from "@/lib/db/schema/compliance";

type Value = Evidence[string];

/** One fact that a check found: a count, an instant, yes or no. Counts end at 1,000. */
export function EvidenceValue({ name, value }: { name: string; value: Value }) {
  const t = useTranslations("common");
  const [locale, counts] = [useLocale(), useTranslations("compliance.evidence")];
  if (value === null) return t("none");
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (typeof value === "string")
    return name.endsWith("At") || name.endsWith("Since") ? <TimeText value={value} /> : value;
  return value === 1001 ? counts("moreThan", { count: formatNumber(1000, locale) }) : formatNumber(value, locale);
}

/** The name of a fact; without words for it, the name as it is. */
export function useEvidenceName(): (name: string) => string {
  const t = useTranslations("compliance.evidence");
  return (name) => (t.has(name as never) ? t(name as never) : name);
}

/** All facts of a check in one line. */
export function EvidenceLine({ evidence }: { evidence: Evidence }) {
  const nameOf = useEvidenceName();
  return (
    <span className="flex flex-wrap gap-x-3 text-sm text-ink-muted">
      {Object.entries(evidence).map(([name, value]) => (
        <span key={name} className="whitespace-nowrap">
          {nameOf(name)}: <EvidenceValue name={name} value={value} />
        </span>
      ))}
    </span>
  );
}
