"use client";

import { useTranslations } from "next-intl";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";

/** Starts a scan in the background. The page shows its progress. */
export function StartStoreScan({ action }: { action: FormAction<{ started: boolean }> }) {
  const t = useTranslations("storeScan.status");
  const notify = useNotify();
  const { form, message } = useActionForm(action, ({ started }) => notify(t(started ? "started" : "alreadyRunning")));
  return (
    <form {...form} className="grid justify-items-start gap-2">
      {message}
      <SubmitButton>{t("start")}</SubmitButton>
    </form>
  );
}
