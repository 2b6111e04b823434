import { cva, type VariantProps } from "class-variance-authority";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";

export const buttonStyles = cva(
  [
    "inline-flex shrink-0 items-center justify-center gap-1.5 rounded border font-medium whitespace-nowrap select-none",
    "transition-colors disabled:cursor-not-allowed aria-disabled:cursor-not-allowed",
    "[&_svg]:size-4 [&_svg]:shrink-0",
  ],
  {
    variants: {
      variant: {
        primary: "border-transparent bg-accent-solid text-on-solid hover:bg-accent-solid-strong",
        secondary: "border-control bg-raised text-ink hover:border-ink-muted hover:bg-sunken",
        ghost: "border-transparent bg-transparent text-ink hover:bg-sunken",
        danger: "border-transparent bg-danger-solid text-on-solid hover:bg-danger-solid-strong",
        link: [
          "border-transparent bg-transparent px-0!",
          "text-accent underline underline-offset-3 hover:text-accent-strong",
        ],
      },
      size: { small: "h-control-small px-2 text-sm", medium: "h-control px-3 text-base" },
    },
    compoundVariants: [
      {
        variant: ["primary", "secondary", "danger", "ghost"],
        class: "disabled:border-line disabled:bg-sunken disabled:text-ink-muted disabled:hover:bg-sunken",
      },
    ],
    defaultVariants: { variant: "secondary", size: "medium" },
  },
);

export type ButtonProps = ComponentProps<"button"> & VariantProps<typeof buttonStyles> & { asChild?: boolean };

/** A button. `asChild` styles its single child instead (for example a link). The default type is "button". */
export function Button({ asChild, className, variant, size, type, ...props }: ButtonProps) {
  const classes = cn(buttonStyles({ variant, size }), className);
  if (asChild) return <Slot.Root className={classes} {...props} />;
  return <button type={type ?? "button"} className={classes} {...props} />;
}
