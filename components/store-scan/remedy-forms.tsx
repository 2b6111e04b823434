"use client";

import { useTranslations } from "next-intl";
import { ReasonDialog } from "@/components/forms/reason-dialog";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";

type RemedyProps<Result> = { findingId: string; action: FormAction<Result> };

/** Reads the object again and reports whether it is the recording. Takes long for a long call. */
export function RecheckObject({ findingId, action }: RemedyProps<{ resolved: boolean }>) {
  const t = useTranslations("storeScan.remedies.recheck");
  const notify = useNotify();
  const { form, message } = useActionForm(action, ({ resolved }) => notify(t(resolved ? "same" : "other")));
  return (
    <form {...form} className="grid justify-items-start gap-2">
      {message}
      <input type="hidden" name="findingId" value={findingId} />
      <p className="max-w-prose text-ink-muted">{t("description")}</p>
      <SubmitButton>{t("button")}</SubmitButton>
    </form>
  );
}

/** Retries the discrepancy with the job that can resolve it. */
export function RetryFinding({
  findingId,
  kind,
  action,
}: RemedyProps<unknown> & { kind: "ticket_never_completed" | "past_retention" | "hold_not_locked" }) {
  const t = useTranslations("storeScan.remedies.retry");
  const notify = useNotify();
  const { form, message } = useActionForm(action, () => notify(t("done")));
  return (
    <form {...form} className="grid justify-items-start gap-2">
      {message}
      <input type="hidden" name="findingId" value={findingId} />
      <p className="max-w-prose text-ink-muted">{t(kind)}</p>
      <SubmitButton>{t("button")}</SubmitButton>
    </form>
  );
}

/** Acknowledges a discrepancy, with the reason why it may stay. */
export function AcknowledgeFinding({ findingId, action, isAgain }: RemedyProps<unknown> & { isAgain: boolean }) {
  const t = useTranslations("storeScan.remedies.acknowledge");
  return (
    <ReasonDialog
      trigger={<Button className="justify-self-start">{t(isAgain ? "again" : "button")}</Button>}
      title={t("title")}
      description={t("description")}
      label={t("reason")}
      send={t("save")}
      done={t("done")}
      action={action}
      fields={{ findingId }}
    />
  );
}
