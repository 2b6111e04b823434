"use client";

import { useTranslations } from "next-intl";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { FormMessage } from "@/components/ui/form-message";
import { Input } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import { Textarea } from "@/components/ui/textarea";
import { useNotify } from "@/components/ui/toast";
import type { ControlDetail } from "@/lib/compliance/read-control";
import { writtenDay } from "@/components/retention/due-href";

export type AcceptRiskProps = {
  found: Pick<ControlDetail, "control" | "risk">;
  accept: FormAction<unknown>;
  withdraw: FormAction<unknown>;
};

/** Accepts the gap of a control until a day, or withdraws that. */
export function AcceptRisk({ found: { control, risk }, accept, withdraw }: AcceptRiskProps) {
  const t = useTranslations("compliance.risk");
  const notify = useNotify();
  const { form, problem, message } = useActionForm(accept, () => notify(t("accepted")));
  return (
    <Card aria-labelledby="risk">
      <CardHeader id="risk" title={t("title")} description={t("description")} />
      <CardBody className="grid gap-4">
        {risk ? <Withdraw control={control} risk={risk} action={withdraw} /> : null}
        <form {...form} className="grid gap-4">
          {message}
          <input type="hidden" name="control" value={control} />
          <Field id="reason" label={t("reason")} error={problem("reason")}>
            <Textarea name="reason" required maxLength={2000} defaultValue={risk?.reason} />
          </Field>
          <Field id="expiresOn" label={t("expiresOn")} error={problem("expiresOn")} className="max-w-48">
            <Input name="expiresOn" type="date" required defaultValue={risk?.expiresOn} />
          </Field>
          <SubmitButton className="justify-self-end">{t("accept")}</SubmitButton>
        </form>
      </CardBody>
    </Card>
  );
}

type WithdrawProps = { control: string; risk: NonNullable<ControlDetail["risk"]>; action: FormAction<unknown> };

function Withdraw({ control, risk, action }: WithdrawProps) {
  const t = useTranslations("compliance.risk");
  const notify = useNotify();
  const { form, message } = useActionForm(action, () => notify(t("withdrawn")));
  return (
    <form {...form} className="grid gap-2">
      {message}
      <input type="hidden" name="control" value={control} />
      <FormMessage tone="caution">
        {t("current", { name: risk.acceptedBy, day: writtenDay(risk.expiresOn) })}
      </FormMessage>
      <SubmitButton variant="secondary" className="justify-self-end">
        {t("withdraw")}
      </SubmitButton>
    </form>
  );
}
