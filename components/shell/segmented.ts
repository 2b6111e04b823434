import { cn } from "@/components/ui/cn";

/** A row of buttons of which one is pressed. */
export const segmented = "flex rounded border border-line bg-sunken p-0.5";

export const segment = cn(
  "flex min-h-control-small flex-1 items-center justify-center gap-1.5 rounded-sm px-2 text-sm",
  "whitespace-nowrap text-ink-muted hover:text-ink aria-pressed:bg-raised",
  "aria-pressed:font-medium aria-pressed:text-ink aria-pressed:ring-1",
  "aria-pressed:ring-line-strong",
);
