"use client";

import { useState, type ReactNode } from "react";
import { Dialog, DialogContent, DialogTrigger, type DialogContentProps } from "@/components/ui/dialog";

export type FormDialogProps = Pick<DialogContentProps, "title" | "description"> & {
  trigger: ReactNode;
  /** The form; call `close` when it is done. */
  children: (close: () => void) => ReactNode;
};

/** A button that opens a form. What the form knew, a key shown once too, is gone when it closes. */
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
