import { cn } from "@/components/ui/cn";

/** A grey bar in the place of something still loading; hidden from screen readers, which get the loading text instead. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cn("block h-4 animate-pulse rounded-sm bg-line", className)} />;
}
