import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

export type Fact = { term: ReactNode; description: ReactNode };

/** Terms and values: in two columns, or below each other on a phone. */
export function DescriptionList({
  facts,
  columns = 1,
  className,
}: {
  facts: readonly Fact[];
  columns?: 1 | 2;
  className?: string;
}) {
  return (
    <dl className={cn("grid gap-x-8", columns === 2 && "lg:grid-cols-2", className)}>
      {facts.map((fact, index) => (
        <div
          key={index}
          className="grid content-start gap-x-4 border-b border-line py-1.5 sm:grid-cols-[10rem_minmax(0,1fr)]"
        >
          <dt className="text-sm leading-5 text-ink-muted">{fact.term}</dt>
          <dd className="min-w-0">{fact.description}</dd>
        </div>
      ))}
    </dl>
  );
}
