import { useTranslations } from "next-intl";
import { FormMessage } from "@/components/ui/form-message";
import type { RecordingFilters } from "@/lib/recordings/recording-filters";

/** Above a list by day of deletion: says when these recordings are deleted, or that a hold keeps them. */
export function DueNotice({ filters: { dueFrom, dueTo, held } }: { filters: RecordingFilters }) {
  const t = useTranslations("recordings.due");
  if (!dueFrom && !dueTo) return null;
  const written = (day: string | undefined) => day?.split("-").reverse().join("/") ?? "";
  const which = held === "yes" ? "held" : !dueFrom ? "until" : !dueTo ? "from" : dueFrom === dueTo ? "on" : "between";
  return <FormMessage tone="info">{t(which, { from: written(dueFrom), to: written(dueTo) })}</FormMessage>;
}
