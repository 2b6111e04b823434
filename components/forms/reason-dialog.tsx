"use client";

import { useId, type ReactNode } from "react";
import { FormDialog } from "@/components/forms/form-dialog";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Field } from "@/components/ui/field";
import { SubmitButton } from "@/components/ui/submit-button";
import { Textarea } from "@/components/ui/textarea";
import { useNotify } from "@/components/ui/toast";

interface ReasonDialogProps extends ReasonFormProps {
  trigger: ReactNode;
  title: string;
  description: string;
}

interface ReasonFormProps {
  /** The label of the reason, the text of the button, and the notice after success. */
  label: string;
  send: string;
  done: string;
  action: FormAction<unknown>;
  /** Hidden fields beside `reason`: the id of the object. */
  fields: Record<string, string>;
}

/** A button that opens a form with one field: the reason. */
export function ReasonDialog({ trigger, title, description, ...form }: ReasonDialogProps) {
  return (
    <FormDialog trigger={trigger} title={title} description={description}>
      {(close) => <ReasonForm onDone={close} {...form} />}
    </FormDialog>
  );
}

function ReasonForm({ label, send, done, action, fields, onDone }: ReasonFormProps & { onDone: () => void }) {
  const notify = useNotify();
  // The page behind the dialog may have a field of that name.
  const id = useId();
  const { form, problem, message } = useActionForm(action, () => {
    notify(done);
    onDone();
  });
  return (
    <form {...form} className="grid gap-4">
      {message}
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Field id={id} label={label} error={problem("reason")}>
        <Textarea name="reason" required maxLength={2000} />
      </Field>
      <SubmitButton className="justify-self-end">{send}</SubmitButton>
    </form>
  );
}
