import { Inbox, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

export type EmptyStateProps = {
  title: ReactNode;
  description?: ReactNode;
  icon?: LucideIcon;
  children?: ReactNode;
  className?: string;
};

/** Shown by an empty list: why it is empty, and what to do next (`children` are links or buttons). */
export function EmptyState({ title, description, icon: Icon = Inbox, children, className }: EmptyStateProps) {
  return (
    <div className={cn("grid justify-items-center gap-1 px-6 py-10 text-center", className)}>
      <Icon aria-hidden className="mb-1 size-6 text-ink-muted" strokeWidth={1.5} />
      <p className="text-md font-semibold">{title}</p>
      {description ? <p className="max-w-prose text-ink-muted">{description}</p> : null}
      {children ? <div className="mt-3 flex flex-wrap justify-center gap-2">{children}</div> : null}
    </div>
  );
}
