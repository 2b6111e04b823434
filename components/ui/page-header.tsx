import { ChevronLeft } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

export type PageHeaderProps = {
  title: ReactNode;
  description?: ReactNode;
  /** The list that this page belongs to. */
  parent?: { href: Route; label: ReactNode };
  /** Badges beside the title. */
  status?: ReactNode;
  actions?: ReactNode;
  className?: string;
};

/** The head of a page: link to the list, the h1, state, description, actions. */
export function PageHeader({ title, description, parent, status, actions, className }: PageHeaderProps) {
  return (
    <header className={cn("mb-4 flex flex-wrap items-end justify-between gap-x-6 gap-y-3", className)}>
      <div className="min-w-0">
        {parent ? (
          <Link
            href={parent.href}
            className="mb-1 inline-flex items-center gap-0.5 text-sm text-accent hover:underline"
          >
            <ChevronLeft aria-hidden className="-ml-1 size-4" />
            {parent.label}
          </Link>
        ) : null}
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="min-w-0 text-xl font-semibold">{title}</h1>
          {status}
        </div>
        {description ? <p className="mt-0.5 max-w-prose text-ink-muted">{description}</p> : null}
      </div>
      {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
    </header>
  );
}
