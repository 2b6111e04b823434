import { useTimeZone } from "next-intl";
import { TimeText } from "@/components/ui/time-text";
import { lastWholeDay } from "@/lib/i18n/format";

/**
 * The last day of custody, inclusive, on the controller's calendar.
 * @param retainUntil the first instant after custody.
 */
export function KeptUntil({ retainUntil }: { retainUntil: Date }) {
  return <TimeText value={lastWholeDay(retainUntil, useTimeZone() ?? "UTC")} as="date" />;
}
