import type { Route } from "next";
import { useLocale, useTranslations } from "next-intl";
import Link from "next/link";
import type { ReactNode } from "react";
import { RunState } from "@/components/deletion/runs/run-state";
import { TimeText } from "@/components/ui/time-text";
import { formatNumber } from "@/lib/i18n/format";
import type { RetentionRunRow } from "@/lib/deletion/runs/list-retention-runs";

/** The figures. A part that the reader may not see is undefined; without any run, `lastRun` is null. */
export type RetentionSummaryProps = {
  policies?: number;
  holds?: number;
  discrepancies?: number;
  lastRun?: RetentionRunRow | null;
};

/** Summarises policies, holds, discrepancies and the last run in one line of links. */
export function RetentionSummary({ policies, holds, discrepancies, lastRun }: RetentionSummaryProps) {
  const t = useTranslations("retention.summary");
  const locale = useLocale();
  const link = (href: string, text: ReactNode) => (
    <Link href={href as Route} className="text-accent hover:underline">
      {text}
    </Link>
  );
  const parts = [
    policies === undefined
      ? null
      : { term: t("policies"), value: link("/retention/policies", formatNumber(policies, locale)) },
    holds === undefined
      ? null
      : { term: t("holds"), value: link("/retention/holds?state=in_force", formatNumber(holds, locale)) },
    lastRun
      ? {
          term: t("lastRun"),
          value: link(`/retention/runs/${lastRun.id}`, <TimeText value={lastRun.startedAt} />),
          after: <RunState state={lastRun.state} />,
        }
      : null,
    lastRun ? { term: t("lastDeleted"), value: formatNumber(lastRun.deleted, locale) } : null,
    discrepancies === undefined
      ? null
      : { term: t("storeScan"), value: link("/retention/store-scan", formatNumber(discrepancies, locale)) },
    lastRun === null ? { term: t("lastRun"), value: t("noRun") } : null,
  ].filter((part) => part !== null);
  return (
    <dl className="flex flex-wrap gap-x-10 gap-y-3">
      {parts.map(({ term, value, after }) => (
        <div key={term}>
          <dt className="text-sm text-ink-muted">{term}</dt>
          <dd className="flex flex-wrap items-center gap-2 text-md font-semibold">
            {value} {after}
          </dd>
        </div>
      ))}
    </dl>
  );
}
