"use client";

import { useTranslations } from "next-intl";
import { HoldFields, type Owner } from "@/components/legal-holds/hold-fields";
import { FormDialog } from "@/components/forms/form-dialog";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";
import type { HoldDetails } from "@/lib/legal-holds/read-hold";

export type EditHoldProps = {
  hold: Pick<HoldDetails, "id" | "version" | "matter" | "reason" | "ownerId" | "owner" | "reviewOn">;
  owners: readonly Owner[];
  action: FormAction<unknown>;
};

/** Opens the form that changes a hold. */
export function EditHold(props: EditHoldProps) {
  const t = useTranslations();
  return (
    <FormDialog
      trigger={<Button>{t("common.actions.edit")}</Button>}
      title={t("holds.edit.title")}
      description={t("holds.edit.description")}
    >
      {(close) => <EditForm onDone={close} {...props} />}
    </FormDialog>
  );
}

function EditForm({ hold, owners, action, onDone }: EditHoldProps & { onDone: () => void }) {
  const t = useTranslations();
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, () => {
    notify(t("holds.edit.done"));
    onDone();
  });
  // An owner who left the company stays in the list until another one is chosen.
  const choices = owners.some(({ id }) => id === hold.ownerId)
    ? owners
    : [{ id: hold.ownerId, name: hold.owner }, ...owners];
  return (
    <form {...form} className="grid gap-4">
      {message}
      <input type="hidden" name="holdId" value={hold.id} />
      <input type="hidden" name="version" value={hold.version} />
      <HoldFields hold={hold} owners={choices} problem={problem} />
      <SubmitButton className="justify-self-end">{t("common.actions.save")}</SubmitButton>
    </form>
  );
}
