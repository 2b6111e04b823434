"use client";

import { useTranslations } from "next-intl";
import { AlertDialog as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { dialogStyles, overlayStyles } from "@/components/ui/dialog";
import { SubmitButton } from "@/components/ui/submit-button";

export type ConfirmDialogProps = {
  /** The button that asks. */
  trigger: ReactNode;
  title: ReactNode;
  description: ReactNode;
  /** What exactly is touched, a line each: "1 recording", "3 copies in the store". */
  touches?: readonly ReactNode[];
  confirmLabel: ReactNode;
  /** A server action; hidden inputs and a reason field go into `children`. */
  action: (form: FormData) => void | Promise<void>;
  tone?: "danger" | "primary";
  children?: ReactNode;
};

/** Asks before something that cannot be undone: says what it touches, and posts a form only after a second press. */
export function ConfirmDialog({ trigger, title, description, touches = [], confirmLabel, action, tone = "danger", children }: ConfirmDialogProps) {
  const t = useTranslations("common.actions");
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Overlay className={overlayStyles} />
        <Primitive.Content className={dialogStyles}>
          <form action={action} className="flex min-h-0 flex-col">
            <div className="grid min-h-0 gap-3 overflow-y-auto p-4">
              <Primitive.Title className="text-md font-semibold">{title}</Primitive.Title>
              <Primitive.Description className="text-ink-muted">{description}</Primitive.Description>
              {touches.length > 0 ? (
                <ul className="grid gap-1 border-l-2 border-danger pl-3">
                  {touches.map((line, index) => (
                    <li key={index}>{line}</li>
                  ))}
                </ul>
              ) : null}
              {children}
            </div>
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-4 py-3">
              <Primitive.Cancel asChild>
                <Button>{t("cancel")}</Button>
              </Primitive.Cancel>
              <SubmitButton variant={tone}>{confirmLabel}</SubmitButton>
            </footer>
          </form>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
