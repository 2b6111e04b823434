import { useNow, useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import { formatDate, lastWholeDay } from "@/lib/i18n/format";
import type { IncidentRow } from "@/lib/compliance/incidents/list-incidents";

export type NoticeClockProps = {
  incident: Pick<IncidentRow, "isNotifiable" | "due" | "timeZone" | "isTold" | "closedAt">;
};

/** By which day ANPD and persons must be told, the last day included, or why there is no such day. */
export function NoticeClock({ incident: { isNotifiable, due, timeZone, isTold, closedAt } }: NoticeClockProps) {
  const t = useTranslations("incidents.due");
  const now = useNow();
  if (isTold) return t("told");
  if (due === null) return t("suspected");
  if (isNotifiable === false) return t("notNeeded");
  const isLate = closedAt === null && due.noticeUntil <= now;
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      {t("until", { day: formatDate(lastWholeDay(due.noticeUntil, timeZone), timeZone) })}
      {isNotifiable === null ? <Badge tone="caution">{t("undecided")}</Badge> : null}
      {isLate ? <Badge tone="danger">{t("late")}</Badge> : null}
    </span>
  );
}
