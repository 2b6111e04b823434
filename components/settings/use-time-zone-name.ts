import { useTranslations } from "next-intl";
import type { Messages } from "@/lib/i18n/namespaces";

/** The name of a Brazilian zone as people know it; any other zone by its IANA name. */
export function useTimeZoneName(): (zone: string) => string {
  const t = useTranslations("settings.timeZones");
  return (zone) =>
    t.has(zone as keyof Messages["settings"]["timeZones"]) ? t(zone as keyof Messages["settings"]["timeZones"]) : zone;
}
