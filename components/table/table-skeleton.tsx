import { useTranslations } from "next-intl";
import { Skeleton } from "@/components/ui/skeleton";

/** In the place of a list on its way; keeps its height so that the page does not jump. */
export function TableSkeleton({ rows = 10, columns = 5 }: { rows?: number; columns?: number }) {
  const t = useTranslations("common");
  return (
    <div aria-busy className="min-w-0">
      <p role="status" className="sr-only">
        {t("loading")}
      </p>
      <div aria-hidden className="h-8 border-b border-line bg-sunken" />
      {Array.from({ length: rows }, (_, row) => (
        <div aria-hidden key={row} className="flex h-row items-center gap-6 border-b border-line px-4 last:border-b-0">
          {Array.from({ length: columns }, (_, column) => (
            <Skeleton key={column} className={column === 0 ? "w-40" : "w-24 max-sm:hidden"} />
          ))}
        </div>
      ))}
    </div>
  );
}
