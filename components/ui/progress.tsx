import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

export type ProgressProps = { label: ReactNode; id: string; value?: number; max?: number; detail?: ReactNode; className?: string };

/** How far a long job is. Without `value` it only says that the job runs. */
export function Progress({ label, id, value, max = 100, detail, className }: ProgressProps) {
  const share = value === undefined ? undefined : Math.min(1, Math.max(0, max > 0 ? value / max : 0));
  return (
    <div className={cn("grid gap-1", className)}>
      <div className="flex justify-between gap-4 text-sm">
        <span id={id}>{label}</span>
        {detail ? <span className="text-ink-muted">{detail}</span> : null}
      </div>
      <div
        role="progressbar"
        aria-labelledby={id}
        aria-valuemin={0}
        aria-valuemax={max}
        aria-valuenow={value}
        className="h-1.5 overflow-hidden rounded-full bg-line"
      >
        <div
          className={cn("h-full rounded-full bg-accent transition-[width]", share === undefined && "w-1/3 animate-pulse")}
          style={share === undefined ? undefined : { width: `${share * 100}%` }}
        />
      </div>
    </div>
  );
}
