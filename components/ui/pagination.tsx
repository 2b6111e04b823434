import { ChevronLeft, ChevronRight } from "lucide-react";
import type { Route } from "next";
import { useTranslations } from "next-intl";
import Link from "next/link";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";

export type PaginationProps = {
  /** The address of the neighbouring page, if there is one. */
  newerHref?: string;
  olderHref?: string;
  /** What is shown, e.g. the number of rows. */
  children?: ReactNode;
};

/** Links to the neighbouring pages; keyset paging has no page numbers. Without a neighbour the link is plain text. */
export function Pagination({ newerHref, olderHref, children }: PaginationProps) {
  const t = useTranslations("common.pagination");
  if (!newerHref && !olderHref && !children) return null;
  return (
    <nav aria-label={t("label")} className="flex flex-wrap items-center justify-between gap-3 text-sm text-ink-muted">
      <div>{children}</div>
      <div className="flex gap-2">
        <PageLink href={newerHref}>
          <ChevronLeft aria-hidden />
          {t("newer")}
        </PageLink>
        <PageLink href={olderHref}>
          {t("older")}
          <ChevronRight aria-hidden />
        </PageLink>
      </div>
    </nav>
  );
}

function PageLink({ href, children }: { href?: string; children: ReactNode }) {
  if (!href) {
    return (
      <Button size="small" disabled>
        {children}
      </Button>
    );
  }
  return (
    <Button asChild size="small">
      <Link href={href as Route}>{children}</Link>
    </Button>
  );
}
