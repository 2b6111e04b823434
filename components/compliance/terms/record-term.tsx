"use client";

import { useTranslations } from "next-intl";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";

/** Records a designation: who, by which act, from when. */
export function RecordTerm({ termId, action }: { termId: string; action: FormAction<unknown> }) {
  const t = useTranslations("compliance.terms");
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, () => notify(t("recorded")));
  return (
    <Card aria-labelledby="record">
      <CardHeader id="record" title={t("record")} description={t("recordHint")} />
      <CardBody>
        <form {...form} className="grid gap-4 sm:grid-cols-2">
          <div className="empty:hidden sm:col-span-2">{message}</div>
          <input type="hidden" name="termId" value={termId} />
          <Field id="role" label={t("role")} error={problem("role")}>
            <Select name="role" defaultValue="officer">
              <option value="officer">{t("roles.officer")}</option>
              <option value="substitute">{t("roles.substitute")}</option>
            </Select>
          </Field>
          <Field id="name" label={t("name")} error={problem("name")}>
            <Input name="name" required maxLength={200} autoComplete="off" />
          </Field>
          <Field id="act" label={t("act")} hint={t("actHint")} error={problem("act")}>
            <Input name="act" required maxLength={200} autoComplete="off" />
          </Field>
          <Field id="signedOn" label={t("signedOn")} error={problem("signedOn")}>
            <Input name="signedOn" type="date" required />
          </Field>
          <Field id="startsOn" label={t("startsOn")} error={problem("startsOn")}>
            <Input name="startsOn" type="date" required />
          </Field>
          <Field id="endsOn" label={t("endsOn")} hint={t("endsOnHint")} error={problem("endsOn")}>
            <Input name="endsOn" type="date" />
          </Field>
          <SubmitButton className="justify-self-end sm:col-span-2">{t("save")}</SubmitButton>
        </form>
      </CardBody>
    </Card>
  );
}
