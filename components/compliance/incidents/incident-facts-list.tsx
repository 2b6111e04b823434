import { useTranslations } from "next-intl";
import { NoticeClock } from "@/components/compliance/incidents/notice-clock";
import { DescriptionList, type Fact } from "@/components/ui/description-list";
import { TimeText } from "@/components/ui/time-text";
import type { IncidentDetail } from "@/lib/compliance/incidents/read-incident";
import { formatDate, lastWholeDay } from "@/lib/i18n/format";

/** What the record of an incident says. Times are the controller's. */
export function IncidentFactsList({ incident }: { incident: IncidentDetail }) {
  const t = useTranslations("incidents");
  const { timeZone, due } = incident;
  const none = t("facts.none");
  const time = (value: Date | null) => (value ? <TimeText value={value} timeZone={timeZone} /> : none);
  const text = (value: string) => (value === "" ? none : <span className="whitespace-pre-wrap">{value}</span>);
  const isTold = incident.notices.some(({ kind }) => kind === "anpd");
  const decided = incident.isNotifiable === null ? "undecided" : incident.isNotifiable ? "yes" : "no";
  const facts: (Fact | null)[] = [
    { term: t("columns.known"), description: time(incident.knownAt) },
    { term: t("columns.due"), description: <NoticeClock incident={{ ...incident, isTold }} /> },
    due && isTold && incident.closedAt === null
      ? {
          term: t("notices.kinds.anpd_complement"),
          description: t("due.complement", { day: formatDate(lastWholeDay(due.complementUntil, timeZone), timeZone) }),
        }
      : null,
    { term: t("facts.notifiable"), description: t(`facts.${decided}`) },
    incident.isSmallAgent ? { term: t("columns.due"), description: t("facts.smallAgent") } : null,
    { term: t("form.occurredFrom"), description: time(incident.occurredFrom) },
    { term: t("form.occurredTo"), description: time(incident.occurredTo) },
    { term: t("form.criteria"), description: incident.criteria.map((one) => t(`criteria.${one}`)).join(", ") || none },
    {
      term: t("form.dataKinds"),
      description: incident.dataKinds.map((one) => t(`dataKinds.${one}`)).join(", ") || none,
    },
    { term: t("form.subjectsEstimated"), description: incident.subjectsEstimated ?? none },
    { term: t("form.circumstances"), description: text(incident.circumstances) },
    { term: t("form.risks"), description: text(incident.risks) },
    { term: t("form.measures"), description: text(incident.measures) },
    { term: t("form.noticeReason"), description: text(incident.noticeReason) },
  ];
  return <DescriptionList facts={facts.filter((fact) => fact !== null)} columns={2} />;
}
