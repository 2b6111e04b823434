import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";

/** A text field of several lines, which grows with its text if the browser supports it. */
export function Textarea({ className, rows = 3, ...props }: ComponentProps<"textarea">) {
  return (
    <textarea
      rows={rows}
      className={cn("field-control field-sizing-content min-h-20 w-full min-w-0 px-2.5 py-1.5 text-base", className)}
      {...props}
    />
  );
}
