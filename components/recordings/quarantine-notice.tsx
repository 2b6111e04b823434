import type { Route } from "next";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { FormMessage } from "@/components/ui/form-message";
import type { RecordingFilters } from "@/lib/recordings/recording-filters";

/** Says how many quarantined recordings the list leaves out, and leads to them; or that it has only these. */
export function QuarantineNotice({ filters, left }: { filters: RecordingFilters; left: number }) {
  const t = useTranslations("recordings.quarantine");
  if (filters.quarantined === "yes") return <FormMessage tone="caution">{t("onlyThese")}</FormMessage>;
  if (filters.quarantined !== undefined || left === 0) return null;
  const these = new URLSearchParams({
    ...Object.fromEntries(Object.entries(filters).map(([name, value]) => [name, String(value)])),
    quarantined: "yes",
  });
  return (
    <FormMessage tone="caution">
      {t("leftOut", { count: left })}{" "}
      <Link href={`/recordings?${these}` as Route} className="font-medium underline">
        {t("show")}
      </Link>
    </FormMessage>
  );
}
