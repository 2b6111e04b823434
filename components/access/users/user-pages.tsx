import type { Route } from "next";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { listHref } from "@/components/table/url-state";
import { Button } from "@/components/ui/button";
import type { Role } from "@/lib/operation/actor";

export type UserPagesProps = {
  filters: { role?: Role; active?: boolean; unitId?: string; cursor?: string };
  nextCursor: string | null;
};

/** Links to the next and the first page of users. The URL has the id of the last user, not the name. */
export function UserPages({ filters: { role, active, unitId, cursor }, nextCursor }: UserPagesProps) {
  const t = useTranslations();
  if (!cursor && !nextCursor) return null;
  const state = active === undefined ? undefined : active ? "active" : "inactive";
  const first = listHref("/users", "", { role, state, unit: unitId });
  const next = nextCursor && listHref("/users", "", { role, state, unit: unitId, after: nextCursor });
  return (
    <nav
      aria-label={t("common.pagination.label")}
      className="flex flex-wrap justify-end gap-2 border-t border-line px-4 py-2.5"
    >
      {cursor ? (
        <Button asChild size="small">
          <Link href={first as Route}>{t("common.pagination.first")}</Link>
        </Button>
      ) : null}
      {next ? (
        <Button asChild size="small">
          <Link href={next as Route}>{t("users.next")}</Link>
        </Button>
      ) : null}
    </nav>
  );
}
