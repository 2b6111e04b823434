import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/ui/cn";

/** An on/off setting: a native checkbox that is announced as a switch. */
export function Switch({
  label,
  className,
  ...props
}: Omit<ComponentProps<"input">, "type" | "role"> & { label: ReactNode }) {
  return (
    <label className={cn("inline-flex items-center gap-2 py-1", className)}>
      <input
        type="checkbox"
        // oxlint-disable-next-line jsx-a11y/role-has-required-aria-props -- a checkbox announces its own state
        role="switch"
        className={cn(
          "relative h-5 w-9 shrink-0 appearance-none rounded-full border border-control bg-sunken transition-colors",
          "after:absolute after:top-1/2 after:left-0.5 after:size-3.5",
          "after:-translate-y-1/2 after:rounded-full after:bg-control",
          "after:transition-transform",
          "checked:border-accent-solid checked:bg-accent-solid checked:after:translate-x-4 checked:after:bg-on-solid",
          "disabled:cursor-not-allowed disabled:opacity-60",
        )}
        {...props}
      />
      <span>{label}</span>
    </label>
  );
}
