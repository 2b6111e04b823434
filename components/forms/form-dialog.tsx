"use client";

import { useState, type ReactNode } from "react";
import { Dialog, DialogContent, DialogTrigger, type DialogContentProps } from "@/components/ui/dialog";

export type FormDialogProps = Pick<DialogContentProps, "title" | "description"> & {
  trigger: ReactNode;
  /** The form; calls `close` when it is done. */
  children: (close: () => void) => ReactNode;
};

/** A button that opens a form. Closing discards the state of the form, also a key that is shown once. */
export function FormDialog({ trigger, title, description, children }: FormDialogProps) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>{trigger}</DialogTrigger>
      <DialogContent title={title} description={description}>
        {children(() => setOpen(false))}
      </DialogContent>
    </Dialog>
  );
}
