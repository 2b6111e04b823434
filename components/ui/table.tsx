import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";

/**
 * The frame of a wide table: it scrolls, and the keyboard can focus it. It keeps the position and size of the table;
 * `label` names the region.
 */
export function TableRegion({ label, className, ...props }: ComponentProps<"div"> & { label: string }) {
  return (
    <div
      role="region"
      aria-label={label}
      tabIndex={0}
      className={cn("relative min-w-0 overflow-x-auto -outline-offset-2", className)}
      {...props}
    />
  );
}

/** A plain table, for use inside `<TableRegion>`. Lists with sorting or a choice of columns use `<DataTable>`. */
export function Table({ className, ...props }: ComponentProps<"table">) {
  return <table className={cn("w-full border-collapse text-left", className)} {...props} />;
}

export function TableHead({ className, ...props }: ComponentProps<"thead">) {
  return <thead className={cn("bg-sunken text-sm text-ink-muted", className)} {...props} />;
}

export function TableBody(props: ComponentProps<"tbody">) {
  return <tbody {...props} />;
}

export function TableRow({ className, ...props }: ComponentProps<"tr">) {
  return <tr className={cn("border-b border-line last:border-b-0", className)} {...props} />;
}

export function TableHeader({ className, ...props }: ComponentProps<"th">) {
  return (
    <th
      scope="col"
      className={cn("h-8 px-3 font-medium whitespace-nowrap first:pl-4 last:pr-4", className)}
      {...props}
    />
  );
}

export function TableCell({ className, ...props }: ComponentProps<"td">) {
  return <td className={cn("h-row px-3 py-1 align-middle first:pl-4 last:pr-4", className)} {...props} />;
}
