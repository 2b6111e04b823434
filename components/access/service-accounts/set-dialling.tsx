"use client";

import { useTranslations } from "next-intl";
import { DiallingFields } from "@/components/access/units/dialling-fields";
import { FormDialog } from "@/components/forms/form-dialog";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";
import type { ServiceAccountRow } from "@/lib/access/service-accounts/list-service-accounts";

export type SetDiallingProps = {
  account: Pick<ServiceAccountRow, "id" | "name" | "areaCode" | "outsidePrefix">;
  action: FormAction<{ serviceAccountId: string }>;
};

/** Opens the form of how the phone system of a service account dials. */
export function SetDialling(props: SetDiallingProps) {
  const t = useTranslations("settings.serviceAccounts.dialling");
  const title = t("title", { name: props.account.name });
  return (
    <FormDialog
      trigger={
        <Button size="small" aria-label={title}>
          {t("button")}
        </Button>
      }
      title={title}
      description={t("description")}
    >
      {(close) => <DiallingForm {...props} onDone={close} />}
    </FormDialog>
  );
}

function DiallingForm({ account, action, onDone }: SetDiallingProps & { onDone: () => void }) {
  const t = useTranslations("settings.serviceAccounts.dialling");
  const save = useTranslations("common.actions")("save");
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, () => {
    notify(t("done"));
    onDone();
  });
  return (
    <form {...form} className="grid gap-4">
      <input type="hidden" name="serviceAccountId" value={account.id} />
      {message}
      <DiallingFields areaCode={account.areaCode} outsidePrefix={account.outsidePrefix} problem={problem} />
      <SubmitButton className="justify-self-end">{save}</SubmitButton>
    </form>
  );
}
