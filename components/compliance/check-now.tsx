"use client";

import { useTranslations } from "next-intl";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";

/** Checks all controls now, and says how many fail. */
export function CheckNow({ action }: { action: FormAction<{ failed: number }> }) {
  const t = useTranslations("compliance");
  const notify = useNotify();
  const { form, message } = useActionForm(action, ({ failed }) => notify(t("checked", { failed })));
  return (
    <form {...form} className="grid justify-items-end gap-2">
      {message}
      <SubmitButton>{t("checkNow")}</SubmitButton>
    </form>
  );
}
