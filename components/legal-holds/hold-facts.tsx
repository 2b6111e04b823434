import { useLocale, useTranslations } from "next-intl";
import { DescriptionList } from "@/components/ui/description-list";
import { TimeText } from "@/components/ui/time-text";
import { formatBytes, formatNumber } from "@/lib/i18n/format";
import type { HoldDetails } from "@/lib/legal-holds/read-hold";

/** Lists the facts of one hold. */
export function HoldFacts({ hold }: { hold: HoldDetails }) {
  const t = useTranslations("holds");
  const locale = useLocale();
  const facts = [
    { term: t("columns.state"), description: t(`states.${hold.state}`) },
    { term: t("facts.reason"), description: <span className="break-words whitespace-pre-line">{hold.reason}</span> },
    { term: t("columns.owner"), description: hold.owner },
    { term: t("columns.reviewOn"), description: hold.reviewOn.split("-").reverse().join("/") },
    { term: t("facts.placedBy"), description: hold.placedBy },
    { term: t("columns.createdAt"), description: <TimeText value={hold.createdAt} as="seconds" /> },
    {
      term: t("columns.recordings"),
      description: t("facts.size", { count: hold.recordings, size: formatBytes(hold.sizeBytes, locale) }),
    },
    ...(hold.withoutCall > 0
      ? [{ term: t("facts.withoutCall"), description: formatNumber(hold.withoutCall, locale) }]
      : []),
    { term: t("facts.tooLate"), description: formatNumber(hold.tooLate, locale) },
    { term: t("facts.locked"), description: formatNumber(hold.locked, locale) },
    ...(hold.isPlacing ? [{ term: t("placing"), description: t("facts.placingHint") }] : []),
    ...(hold.releasedAt
      ? [
          { term: t("states.released"), description: <TimeText value={hold.releasedAt} as="seconds" /> },
          { term: t("facts.releaseApprovedBy"), description: hold.releaseApprovedBy },
        ]
      : []),
  ];
  return <DescriptionList facts={facts} />;
}
