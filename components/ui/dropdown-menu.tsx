"use client";

import { Check } from "lucide-react";
import { DropdownMenu as Primitive } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";
import { floatingPanel, menuItem } from "@/components/ui/floating";

export const DropdownMenuTrigger = Primitive.Trigger;
export const DropdownMenuRadioGroup = Primitive.RadioGroup;

/** A menu that does not block the page behind it: it still scrolls and is read by screen readers. */
export function DropdownMenu(props: ComponentProps<typeof Primitive.Root>) {
  return <Primitive.Root modal={false} {...props} />;
}

/** The floating list of a menu. It stays inside the landmark of its trigger, not at the end of the document. */
export function DropdownMenuContent({ className, align = "end", ...props }: ComponentProps<typeof Primitive.Content>) {
  return (
    <Primitive.Content
      align={align}
      sideOffset={4}
      collisionPadding={8}
      className={cn(
        floatingPanel,
        "max-h-(--radix-dropdown-menu-content-available-height) min-w-44 overflow-y-auto p-1 text-left",
        className,
      )}
      {...props}
    />
  );
}

/** One action. `tone="danger"` for destructive ones. */
export function DropdownMenuItem({
  className,
  tone,
  ...props
}: ComponentProps<typeof Primitive.Item> & { tone?: "danger" }) {
  return (
    <Primitive.Item
      className={cn(
        menuItem,
        tone === "danger" && "text-danger data-highlighted:bg-danger-soft data-highlighted:text-danger",
        className,
      )}
      {...props}
    />
  );
}

/** An option that is on or off. The menu stays open. */
export function DropdownMenuCheckboxItem({
  className,
  children,
  ...props
}: ComponentProps<typeof Primitive.CheckboxItem>) {
  return (
    <Primitive.CheckboxItem
      className={cn(menuItem, "relative pl-7", className)}
      onSelect={(event) => event.preventDefault()}
      {...props}
    >
      <Primitive.ItemIndicator className="absolute left-1.5">
        <Check aria-hidden />
      </Primitive.ItemIndicator>
      {children}
    </Primitive.CheckboxItem>
  );
}

/** One of a group of which exactly one is chosen. */
export function DropdownMenuRadioItem({ className, children, ...props }: ComponentProps<typeof Primitive.RadioItem>) {
  return (
    <Primitive.RadioItem className={cn(menuItem, "relative pl-7", className)} {...props}>
      <Primitive.ItemIndicator className="absolute left-1.5">
        <Check aria-hidden />
      </Primitive.ItemIndicator>
      {children}
    </Primitive.RadioItem>
  );
}

/** A heading inside a menu. */
export function DropdownMenuLabel({ className, ...props }: ComponentProps<typeof Primitive.Label>) {
  return <Primitive.Label className={cn("px-2 py-1 text-xs font-medium text-ink-muted", className)} {...props} />;
}

/** A line between groups of a menu. */
export function DropdownMenuSeparator({ className, ...props }: ComponentProps<typeof Primitive.Separator>) {
  return <Primitive.Separator className={cn("-mx-1 my-1 h-px bg-line", className)} {...props} />;
}
