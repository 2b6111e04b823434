"use client";

import { useTranslations } from "next-intl";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import { Textarea } from "@/components/ui/textarea";
import { useNotify } from "@/components/ui/toast";
import type { ControlDetail } from "@/lib/compliance/read-control";

export type PlanControlProps = {
  found: Pick<ControlDetail, "control" | "plan" | "owners">;
  action: FormAction<unknown>;
};

/** Says who closes the gap of a control, and by when. Without an owner there is no plan. */
export function PlanControl({ found: { control, plan, owners }, action }: PlanControlProps) {
  const t = useTranslations("compliance.plan");
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, () => notify(t("saved")));
  return (
    <Card aria-labelledby="plan">
      <CardHeader id="plan" title={t("title")} description={t("description")} />
      <CardBody>
        <form {...form} className="grid gap-4">
          {message}
          <input type="hidden" name="control" value={control} />
          <Field id="ownerId" label={t("owner")} error={problem("ownerId")}>
            <Select name="ownerId" defaultValue={plan?.ownerId ?? ""}>
              <option value="">{t("nobody")}</option>
              {owners.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          </Field>
          <Field id="dueOn" label={t("dueOn")} error={problem("dueOn")} className="max-w-48">
            <Input name="dueOn" type="date" defaultValue={plan?.dueOn} />
          </Field>
          <Field id="note" label={t("note")} error={problem("note")}>
            <Textarea name="note" maxLength={2000} defaultValue={plan?.note} />
          </Field>
          <SubmitButton className="justify-self-end">{t("save")}</SubmitButton>
        </form>
      </CardBody>
    </Card>
  );
}
