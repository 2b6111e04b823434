"use client";

import { LoaderCircle } from "lucide-react";
import { useTranslations } from "next-intl";
import type { MouseEvent } from "react";
import { useFormStatus } from "react-dom";
import { Button, type ButtonProps } from "@/components/ui/button";

/** The button that sends its form. While the form is on its way it says so and a second press does nothing. */
export function SubmitButton({
  children,
  variant = "primary",
  onClick,
  ...props
}: Omit<ButtonProps, "type" | "asChild">) {
  const { pending } = useFormStatus();
  const t = useTranslations("common.actions");
  const press = (event: MouseEvent<HTMLButtonElement>) => (pending ? event.preventDefault() : onClick?.(event));
  // Not `disabled`: that would throw the keyboard's focus back to the top of the page.
  return (
    <Button type="submit" variant={variant} aria-disabled={pending || undefined} onClick={press} {...props}>
      {pending ? <LoaderCircle aria-hidden className="animate-spin" /> : null}
      {children}
      <span role="status" className="sr-only">
        {pending ? t("working") : null}
      </span>
    </Button>
  );
}
