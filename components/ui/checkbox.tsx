import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/ui/cn";

export type CheckboxProps = Omit<ComponentProps<"input">, "type"> & { label: ReactNode; hint?: ReactNode };

/** A checkbox with its label on the right. Works in a form without JavaScript. */
export function Checkbox({ label, hint, className, ...props }: CheckboxProps) {
  return (
    <label className={cn("flex items-start gap-2 py-1 has-disabled:text-ink-muted", className)}>
      <input type="checkbox" className="mt-0.5 size-4 shrink-0 rounded-sm accent-accent" {...props} />
      <span>
        {label}
        {hint ? <span className="block text-sm text-ink-muted">{hint}</span> : null}
      </span>
    </label>
  );
}
