import { TimeText } from "@/components/ui/time-text";

/** The last day of custody, on the controller's calendar. What is stored is the first instant after it. */
export function KeptUntil({ retainUntil }: { retainUntil: Date }) {
  return <TimeText value={new Date(retainUntil.getTime() - 1)} as="date" />;
}
