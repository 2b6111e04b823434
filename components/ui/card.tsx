import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/ui/cn";

/** A framed part of a page. */
export function Card({ className, ...props }: ComponentProps<"section">) {
  return <section className={cn("min-w-0 rounded-md border border-line bg-raised", className)} {...props} />;
}

export type CardHeaderProps = {
  title: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  id?: string;
  level?: 2 | 3;
  className?: string;
};

/** The title row of a card. Give it an `id` and set the card's `aria-labelledby` to it, to make a named region. */
export function CardHeader({ title, description, actions, id, level = 2, className }: CardHeaderProps) {
  const Heading = `h${level}` as const;
  return (
    <header
      className={cn(
        "flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-b border-line px-4 py-2.5",
        className,
      )}
    >
      <div className="min-w-0">
        <Heading id={id} className="text-md font-semibold">
          {title}
        </Heading>
        {description ? <p className="text-sm text-ink-muted">{description}</p> : null}
      </div>
      {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
    </header>
  );
}

/** The padded content of a card. Lists and tables are not padded. */
export function CardBody({ className, ...props }: ComponentProps<"div">) {
  return <div className={cn("p-4", className)} {...props} />;
}

/** Buttons at the end of a card. */
export function CardFooter({ className, ...props }: ComponentProps<"footer">) {
  return (
    <footer className={cn("flex flex-wrap justify-end gap-2 border-t border-line px-4 py-2.5", className)} {...props} />
  );
}
