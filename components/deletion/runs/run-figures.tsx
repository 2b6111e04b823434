import { useLocale, useTranslations } from "next-intl";
import { RunDuration } from "@/components/deletion/runs/run-state";
import { isCountedAtEnd } from "@/components/deletion/runs/runs-table";
import { formatBytes, formatNumber } from "@/lib/i18n/format";
import type { RetentionRunReport } from "@/lib/deletion/runs/read-retention-run";

/** Shows the counts of a run. Due, held and recently stored do not overlap. */
export function RunFigures({ run }: { run: RetentionRunReport }) {
  const t = useTranslations("runReport.figures");
  const locale = useLocale();
  const atEnd = (value: number) => (isCountedAtEnd(run) ? formatNumber(value, locale) : t("notCounted"));
  const figures = [
    { term: t("due"), value: formatNumber(run.due, locale), hint: t("dueHint") },
    {
      term: t("deleted"),
      value: `${formatNumber(run.deleted, locale)} · ${formatBytes(run.bytesDeleted, locale)}`,
      hint: t("deletedHint"),
    },
    { term: t("failed"), value: formatNumber(run.failed, locale), hint: t("failedHint") },
    { term: t("remaining"), value: atEnd(run.remaining), hint: t("remainingHint") },
    { term: t("held"), value: atEnd(run.held), hint: t("heldHint") },
    {
      term: t("doubtfulDate"),
      value: atEnd(run.doubtfulDate),
      hint: t("doubtfulDateHint"),
    },
    ...(run.blocked > 0 ? [{ term: t("blocked"), value: atEnd(run.blocked), hint: t("blockedHint") }] : []),
    { term: t("duration"), value: <RunDuration {...run} />, hint: null },
  ];
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-4 md:grid-cols-3 xl:grid-cols-7">
      {figures.map(({ term, value, hint }) => (
        <div key={term} className="min-w-0">
          <dt className="text-sm text-ink-muted">{term}</dt>
          <dd className="text-lg font-semibold tabular-nums">{value}</dd>
          {hint ? <dd className="text-sm text-ink-muted">{hint}</dd> : null}
        </div>
      ))}
    </dl>
  );
}
