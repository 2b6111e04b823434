"use client";

import { useTranslations } from "next-intl";
import { AlertDialog as Primitive } from "radix-ui";
import { useState, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { dialogStyles, overlayStyles } from "@/components/ui/dialog";
import { ErrorText } from "@/components/ui/error-text";
import { FormMessage } from "@/components/ui/form-message";
import { SubmitButton } from "@/components/ui/submit-button";

/** The result of an action: nothing, or the code of the error that stopped it. */
export type ConfirmOutcome = { code?: string; requestId?: string };

export type ConfirmDialogProps = {
  /** The button that opens the dialog. */
  trigger: ReactNode;
  title: ReactNode;
  description: ReactNode;
  /** What the action affects, in lines: "1 recording", "3 copies in the store". */
  touches?: readonly ReactNode[];
  confirmLabel: ReactNode;
  /**
   * A server action. Hidden inputs and a reason field go into `children`. If it returns a `code`, the dialog stays
   * open.
   */
  action: (form: FormData) => Promise<ConfirmOutcome | void>;
  tone?: "danger" | "primary";
  children?: ReactNode;
};

/** Asks for confirmation before an action that cannot be undone: shows what it affects, then submits a form. */
export function ConfirmDialog({
  trigger,
  title,
  description,
  touches = [],
  confirmLabel,
  action,
  tone = "danger",
  children,
}: ConfirmDialogProps) {
  const t = useTranslations("common.actions");
  const [open, setOpen] = useState(false);
  const [outcome, setOutcome] = useState<ConfirmOutcome>({});
  const submit = async (form: FormData) => {
    const answer = (await action(form)) ?? {};
    setOutcome(answer);
    if (!answer.code) setOpen(false);
  };
  const change = (next: boolean) => {
    setOutcome({});
    setOpen(next);
  };
  return (
    <Primitive.Root open={open} onOpenChange={change}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Overlay className={overlayStyles} />
        <Primitive.Content className={dialogStyles}>
          <form action={submit} className="flex min-h-0 flex-col">
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
              <FormMessage requestId={outcome.requestId}>
                {outcome.code ? <ErrorText code={outcome.code} /> : null}
              </FormMessage>
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
