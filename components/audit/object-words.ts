import { useTimeZone, useTranslations } from "next-intl";
import { useTimeZoneName } from "@/components/ui/use-time-zone-name";
import { formatDateTime, formatMonth } from "@/lib/i18n/format";
import type { AuditEventItem } from "@/lib/audit/event-descriptions";

/** Where the words of a code lie that names the target of an event. */
const vocabularies: Record<string, string> = {
  approval: "codes.kind",
  store_scan_finding: "storeScan.kinds",
  job: "jobs.kinds",
  alert: "alerts.names",
  message: "codes.templates",
  message_text: "codes.templates",
};

/**
 * Returns the target of an event in words: "chamada de 26/11 08:14 · Suporte". A call's time is in its unit's zone,
 * which is named where it is not the controller's; the year is left out if it is that of the event. Of what is gone,
 * the kind.
 */
export function useObjectWords(): (target: AuditEventItem["target"], occurredAt?: Date) => string {
  const t = useTranslations();
  const controllerZone = useTimeZone() ?? "UTC";
  const zoneName = useTimeZoneName();
  const moment = ({ at, isMonth, timeZone = controllerZone }: NonNullable<Target["object"]>, occurredAt?: Date) => {
    if (!at) return "";
    if (isMonth) return formatMonth(at, timeZone);
    const year = occurredAt && formatDateTime(occurredAt, controllerZone).slice(5, 10);
    const text = formatDateTime(at, timeZone);
    const short = text.slice(5, 10) === year ? text.replace(year, "") : text;
    return timeZone === controllerZone ? short : `${short} (${zoneName(timeZone)})`;
  };
  return (target, occurredAt) => {
    if (!target) return "";
    const { type, object } = target;
    const kind = t.has(`audit.targets.${type}` as never)
      ? t(`audit.targets.${type}` as never)
      : t("audit.targets.other");
    if (!object || !t.has(`audit.objects.${type}` as never)) return object?.name ?? kind;
    const code = `${vocabularies[type]}.${object.name}`;
    const name = vocabularies[type] && t.has(code as never) ? t(code as never) : (object.name ?? "");
    const values = { name, at: moment(object, occurredAt), unit: object.unit ?? "" };
    return t(`audit.objects.${type}` as never, values as never);
  };
}

type Target = NonNullable<AuditEventItem["target"]>;
