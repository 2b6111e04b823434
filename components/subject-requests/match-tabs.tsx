import type { Route } from "next";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { cn } from "@/components/ui/cn";
import type { MatchView } from "@/lib/subject-requests/finding/list-matches";
import type { Searches } from "@/lib/subject-requests/finding/read-searches";

const views = ["exact", "candidate", "included", "excluded"] as const satisfies readonly MatchView[];

type MatchTabsProps = { requestId: string; current: MatchView; counts: Searches["counts"] };

/** The views of what was found, each with its number of recordings. */
export function MatchTabs({ requestId, current, counts }: MatchTabsProps) {
  const t = useTranslations("subjectRequests.finding");
  return (
    <nav aria-label={t("views.label")} className="border-b border-line px-2">
      <ul className="-mb-px flex flex-wrap gap-x-1">
        {views.map((view) => (
          <li key={view}>
            <Link
              href={`/privacy-requests/${requestId}/recordings?view=${view}` as Route}
              aria-current={view === current ? "page" : undefined}
              className={cn(
                "flex min-h-control items-center gap-1.5 border-b-2 border-transparent px-2.5 font-medium",
                "text-ink-muted hover:text-ink aria-[current=page]:border-accent aria-[current=page]:text-accent",
              )}
            >
              {t(`views.${view}`)} <span className="tabular-nums">{counts[view]}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
