import type { Route } from "next";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { StateBadge } from "@/components/subject-requests/state-badge";
import { cn } from "@/components/ui/cn";
import type { DecidableRight } from "@/lib/subject-requests/deciding/read-decisions";

type RightTabsProps = { requestId: string; rights: readonly DecidableRight[]; current: string };

/** The rights of a request, each with its state and how many recordings have no decision. */
export function RightTabs({ requestId, rights, current }: RightTabsProps) {
  const t = useTranslations("subjectRequests");
  return (
    <nav aria-label={t("deciding.rights")} className="border-b border-line px-2">
      <ul className="-mb-px flex flex-wrap gap-x-1">
        {rights.map(({ id, right, state, missing }) => (
          <li key={id}>
            <Link
              href={`/privacy-requests/${requestId}/decisions?right=${id}` as Route}
              aria-current={id === current ? "page" : undefined}
              className={cn(
                "flex min-h-control flex-wrap items-center gap-1.5 border-b-2 border-transparent px-2.5 font-medium",
                "text-ink-muted hover:text-ink aria-[current=page]:border-accent aria-[current=page]:text-accent",
              )}
            >
              {t(`rights.${right}`)} <StateBadge state={state} />
              {state === "analysing" && missing > 0 ? (
                <span className="text-sm tabular-nums">{t("deciding.missing", { count: missing })}</span>
              ) : null}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
