"use client";

import { useTranslations } from "next-intl";
import { FormDialog } from "@/components/forms/form-dialog";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import { Textarea } from "@/components/ui/textarea";
import { useNotify } from "@/components/ui/toast";
import type { DeadlineRow } from "@/lib/subject-requests/list-deadlines";

export type ChangeDeadlineProps = {
  deadline: Pick<DeadlineRow, "right" | "days" | "limit" | "isChanged">;
  action: FormAction<unknown>;
};

/** Sets the deadline of a right, with its source and a reason. */
export function ChangeDeadline(props: ChangeDeadlineProps) {
  const t = useTranslations();
  const { right, limit } = props.deadline;
  const label = t("subjectRequests.deadlines.change", { right: t(`subjectRequests.rights.${right}`) });
  const description =
    limit === null ? t("subjectRequests.deadlines.byPractice") : t("subjectRequests.deadlines.byLaw", { days: limit });
  return (
    <FormDialog
      trigger={
        <Button size="small" aria-label={label}>
          {t("common.actions.edit")}
        </Button>
      }
      title={label}
      description={description}
    >
      {(close) => <ChangeForm onDone={close} {...props} />}
    </FormDialog>
  );
}

function ChangeForm({
  deadline: { right, days, isChanged },
  action,
  onDone,
}: ChangeDeadlineProps & { onDone: () => void }) {
  const t = useTranslations("subjectRequests.deadlines");
  const save = useTranslations("common.actions")("save");
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, () => {
    notify(t("done"));
    onDone();
  });
  return (
    <form {...form} className="grid gap-4">
      {message}
      <input type="hidden" name="right" value={right} />
      <input type="hidden" name="daysBefore" value={days} />
      <Field id="days" label={t("days")} hint={t("daysHint")} error={problem("days")}>
        <Input name="days" inputMode="numeric" required maxLength={3} className="max-w-24" defaultValue={days} />
      </Field>
      {isChanged ? <Checkbox name="toPreset" value="yes" label={t("toPreset")} /> : null}
      <Field id="source" label={t("source")} hint={t("sourceHint")} error={problem("source")}>
        <Input name="source" required maxLength={300} autoComplete="off" />
      </Field>
      <Field id="reason" label={t("reason")} error={problem("reason")}>
        <Textarea name="reason" required maxLength={2000} />
      </Field>
      <SubmitButton className="justify-self-end">{save}</SubmitButton>
    </form>
  );
}
