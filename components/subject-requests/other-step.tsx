"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormDialog } from "@/components/forms/form-dialog";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import { Textarea } from "@/components/ui/textarea";
import { useNotify } from "@/components/ui/toast";

/** Steps that any right of the request may take from here, beside the usual next one. */
const otherSteps = ["ask_subject", "resume", "fail_identity", "forward", "withdraw", "close"] as const;
type OtherStepName = (typeof otherSteps)[number];

type OtherStepProps = {
  requestId: string;
  mayTake: (step: string) => boolean;
  action: FormAction<unknown>;
};

/** A button that opens the steps that are not the usual next one. */
export function OtherStep({ requestId, mayTake, action }: OtherStepProps) {
  const t = useTranslations("subjectRequests.otherStep");
  const possible = otherSteps.filter(mayTake);
  if (possible.length === 0) return null;
  return (
    <FormDialog trigger={<Button>{t("button")}</Button>} title={t("button")} description={t("description")}>
      {(close) => <StepForm {...{ requestId, possible, action }} onDone={close} />}
    </FormDialog>
  );
}

type StepFormProps = Omit<OtherStepProps, "mayTake"> & { possible: readonly OtherStepName[]; onDone: () => void };

function StepForm({ requestId, possible, action, onDone }: StepFormProps) {
  const t = useTranslations("subjectRequests.otherStep");
  const notify = useNotify();
  const [step, setStep] = useState(possible[0]!);
  const { form, problem, message } = useActionForm(action, () => {
    notify(t("done"));
    onDone();
  });
  return (
    <form {...form} className="grid gap-4">
      {message}
      <input type="hidden" name="requestId" value={requestId} />
      <Field id="step" label={t("step")} hint={t(`hints.${step}`)} error={problem("step")}>
        <Select name="step" value={step} onChange={(event) => setStep(event.target.value as OtherStepName)}>
          {possible.map((name) => (
            <option key={name} value={name}>
              {t(`names.${name}`)}
            </option>
          ))}
        </Select>
      </Field>
      {step === "resume" || step === "close" ? null : (
        <Field id="reason" label={t(`reasons.${step}`)} error={problem("reason")}>
          <Textarea name="reason" required maxLength={2000} />
        </Field>
      )}
      <SubmitButton className="justify-self-end">{t("send")}</SubmitButton>
    </form>
  );
}
