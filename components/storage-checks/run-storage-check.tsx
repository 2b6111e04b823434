"use client";

import { useTranslations } from "next-intl";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";
import type { StorageCheck } from "@/lib/storage-checks/check-storage";

/** Runs the storage check, which takes some seconds. The page then shows its result. */
export function RunStorageCheck({ action }: { action: FormAction<StorageCheck> }) {
  const t = useTranslations("storageCheck");
  const notify = useNotify();
  const { form, message } = useActionForm(action, () => notify(t("done")));
  return (
    <form {...form} className="grid justify-items-start gap-2">
      {message}
      <SubmitButton>{t("run")}</SubmitButton>
    </form>
  );
}
