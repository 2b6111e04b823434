"use client";

import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Dialog as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { IconButton } from "@/components/ui/icon-button";

export const Dialog = Primitive.Root;
export const DialogTrigger = Primitive.Trigger;
export const DialogClose = Primitive.Close;

export const overlayStyles = "fixed inset-0 z-40 bg-scrim";
export const dialogStyles = cn(
  "fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] max-w-lg",
  "-translate-x-1/2 -translate-y-1/2 flex-col rounded-lg bg-raised shadow-overlay outline-none",
);

export type DialogContentProps = {
  title: ReactNode;
  description?: ReactNode;
  children?: ReactNode;
  footer?: ReactNode;
  className?: string;
};

/** The window of a dialog: title, description, scrolling content, buttons. Escape and the close button close it. */
export function DialogContent({ title, description, children, footer, className }: DialogContentProps) {
  const t = useTranslations("common.actions");
  return (
    <Primitive.Portal>
      <Primitive.Overlay className={overlayStyles} />
      <Primitive.Content
        className={cn(dialogStyles, className)}
        {...(description ? {} : { "aria-describedby": undefined })}
      >
        <header className="border-b border-line py-3 pr-12 pl-4">
          <Primitive.Title className="text-md font-semibold">{title}</Primitive.Title>
          {description ? (
            <Primitive.Description className="mt-0.5 text-ink-muted">{description}</Primitive.Description>
          ) : null}
        </header>
        <div className="min-h-0 overflow-y-auto p-4">{children}</div>
        {footer ? (
          <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-4 py-3">{footer}</footer>
        ) : null}
        {/* Last in order, so that the first field gets the focus. */}
        <Primitive.Close asChild>
          <IconButton label={t("close")} size="small" className="absolute top-2.5 right-2.5">
            <X aria-hidden />
          </IconButton>
        </Primitive.Close>
      </Primitive.Content>
    </Primitive.Portal>
  );
}
