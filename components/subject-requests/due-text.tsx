import { useNow, useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import { TimeText } from "@/components/ui/time-text";
import { formatDate, lastWholeDay } from "@/lib/i18n/format";

export type DueTextProps = {
  /** The first instant after the last day. */
  dueUntil: Date;
  timeZone: string;
  /** Nothing is owed any more: the day alone. */
  isEnded: boolean;
};

/** The last day of a clock, inclusive, and whether it is today or over. */
export function DueText({ dueUntil, timeZone, isEnded }: DueTextProps) {
  const t = useTranslations("subjectRequests.due");
  const now = useNow();
  const lastDay = lastWholeDay(dueUntil, timeZone);
  const isOver = now.getTime() >= dueUntil.getTime();
  const isToday = formatDate(now, timeZone) === formatDate(lastDay, timeZone);
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      <TimeText value={lastDay} timeZone={timeZone} as="date" className="tabular-nums" />
      {isEnded ? null : isOver ? <Badge tone="danger">{t("over")}</Badge> : null}
      {!isEnded && !isOver && isToday ? <Badge tone="caution">{t("today")}</Badge> : null}
    </span>
  );
}
