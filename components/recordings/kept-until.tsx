import { useTimeZone } from "next-intl";
import { TimeText } from "@/components/ui/time-text";
import { lastWholeDay } from "@/lib/i18n/format";

/**
 * Shows the last day of retention, inclusive, in the controller's zone.
 * @param retainUntil the first instant after retention.
 */
export function KeptUntil({ retainUntil }: { retainUntil: Date }) {
  return <TimeText value={lastWholeDay(retainUntil, useTimeZone() ?? "UTC")} as="date" />;
}
