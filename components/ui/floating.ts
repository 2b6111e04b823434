import { cn } from "@/components/ui/cn";

/** The style of everything that floats above the page. */
export const floatingPanel = "z-50 rounded-md bg-raised text-ink shadow-overlay outline-none";

/** A row of a floating menu. */
export const menuItem = cn(
  "flex min-h-control-small cursor-pointer items-center gap-2 rounded-sm px-2 py-1 outline-none",
  "select-none data-highlighted:bg-accent-soft data-highlighted:text-accent",
  "data-disabled:cursor-not-allowed data-disabled:text-ink-muted [&_svg]:size-4",
  "[&_svg]:shrink-0",
);
