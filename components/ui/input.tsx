import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";

/** A text field of one line. `<Field>` connects it to its label, hint and error. */
export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input className={cn("field-control h-control w-full min-w-0 px-2.5 text-base", className)} {...props} />;
}
