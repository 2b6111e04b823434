"use client";

import type { ReactNode } from "react";
import type { FormAction } from "@/components/forms/use-action-form";
import { needsFreshProof, useFreshProof } from "@/components/forms/fresh-proof";
import { ConfirmDialog, type ConfirmDialogProps, type ConfirmOutcome } from "@/components/ui/confirm-dialog";
import { useNotify } from "@/components/ui/toast";

export type ConfirmedActionProps<Result> = Omit<ConfirmDialogProps, "action"> & {
  action: FormAction<Result>;
  /** Hidden fields: the id of the object. */
  fields: Record<string, string>;
  /** The notice after success. */
  done: ReactNode;
  onDone?: (result: Result) => void;
};

/**
 * A button whose action asks for confirmation. The dialog closes after success; after a refusal it shows the reason.
 */
export function ConfirmedAction<Result>({
  action,
  fields,
  done,
  onDone,
  children,
  ...dialog
}: ConfirmedActionProps<Result>) {
  const notify = useNotify();
  const withFreshProof = useFreshProof();
  const confirm = async (form: FormData): Promise<ConfirmOutcome | void> => {
    const state = await withFreshProof(() => action({ status: "idle" }, form), needsFreshProof);
    if (state.status === "failed") return { code: state.code, requestId: state.requestId };
    notify(done);
    if (state.status === "done") onDone?.(state.result);
  };
  return (
    <ConfirmDialog action={confirm} {...dialog}>
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {children}
    </ConfirmDialog>
  );
}
