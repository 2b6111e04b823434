import type { Route } from "next";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { FormMessage } from "@/components/ui/form-message";
import type { RecordingFilters } from "@/lib/recordings/recording-filters";

type NumberMatchNoticeProps = {
  filters: RecordingFilters;
  /** The list has candidates, not exact matches. */
  findsCandidates: boolean;
  /** Only the last four digits were searched: nothing can be an exact match. */
  isLastFour: boolean;
};

/** Says whether the list has the calls of exactly the number or candidates, and leads to the other list. */
export function NumberMatchNotice({ filters, findsCandidates, isLastFour }: NumberMatchNoticeProps) {
  const t = useTranslations("recordings.numberMatch");
  if (filters.number === undefined) return null;
  const other = new URLSearchParams({
    ...Object.fromEntries(Object.entries(filters).map(([name, value]) => [name, String(value)])),
    numberMatch: findsCandidates ? "exact" : "candidate",
  });
  return (
    <FormMessage tone={findsCandidates ? "caution" : "info"}>
      <p>{t(findsCandidates ? (isLastFour ? "lastFour" : "candidates") : "exact")}</p>
      {isLastFour ? null : (
        <p>
          <Link href={`/recordings?${other}` as Route} className="font-medium underline">
            {t(findsCandidates ? "showExact" : "showCandidates")}
          </Link>
        </p>
      )}
    </FormMessage>
  );
}
