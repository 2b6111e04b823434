"use client";

import { useTranslations } from "next-intl";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";

/** Returns a job that failed for good to the queue. */
export function RetryJob({ jobId, label, action }: { jobId: string; label: string; action: FormAction<null> }) {
  const t = useTranslations("jobs.retry");
  const notify = useNotify();
  const { form, message } = useActionForm(action, () => notify(t("done")));
  return (
    <form {...form} className="grid justify-items-start gap-2">
      {message}
      <input type="hidden" name="jobId" value={jobId} />
      <SubmitButton size="small" aria-label={label}>
        {t("button")}
      </SubmitButton>
    </form>
  );
}
