import { useTranslations } from "next-intl";
import type { Messages } from "@/lib/i18n/namespaces";

/** Returns the common name of a Brazilian time zone; for other zones the IANA name. */
export function useTimeZoneName(): (zone: string) => string {
  const t = useTranslations("settings.timeZones");
  return (zone) =>
    t.has(zone as keyof Messages["settings"]["timeZones"]) ? t(zone as keyof Messages["settings"]["timeZones"]) : zone;
}
