import { Slot } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { Label } from "@/components/ui/label";

export type FieldProps = {
  /** The id of the control. The hint and the error derive their ids from it. */
  id: string;
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  /** Text such as "(optional)" behind the label. */
  note?: ReactNode;
  className?: string;
  /** Exactly one control, such as `<Input>` or `<Textarea>`. */
  children: ReactNode;
};

/** Connects a label, its control, a hint and an error for assistive technology. */
export function Field({ id, label, hint, error, note, className, children }: FieldProps) {
  const describedBy = [hint ? `${id}-hint` : null, error ? `${id}-error` : null].filter(Boolean).join(" ");
  return (
    <div className={cn("grid min-w-0 content-start gap-1", className)}>
      <Label htmlFor={id}>
        {label}
        {note ? <span className="ml-1 font-normal text-ink-muted">{note}</span> : null}
      </Label>
      <Slot.Root id={id} aria-describedby={describedBy || undefined} aria-invalid={error ? true : undefined}>
        {children}
      </Slot.Root>
      {hint ? (
        <p id={`${id}-hint`} className="text-sm text-ink-muted">
          {hint}
        </p>
      ) : null}
      {error ? (
        <p id={`${id}-error`} className="text-sm font-medium text-danger">
          {error}
        </p>
      ) : null}
    </div>
  );
}
