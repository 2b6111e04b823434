"use client";

import { LoaderCircle } from "lucide-react";
import { useTranslations } from "next-intl";
import type { MouseEvent } from "react";
import { useFormStatus } from "react-dom";
import { Button, type ButtonProps } from "@/components/ui/button";

/** Submits its form. While the form is being sent the button shows it, and ignores clicks. */
export function SubmitButton({
  children,
  variant = "primary",
  onClick,
  ...props
}: Omit<ButtonProps, "type" | "asChild">) {
  const { pending } = useFormStatus();
  const t = useTranslations("common.actions");
  const press = (event: MouseEvent<HTMLButtonElement>) => (pending ? event.preventDefault() : onClick?.(event));
  // Not `disabled`, which would move the keyboard's focus to the top of the page.
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
