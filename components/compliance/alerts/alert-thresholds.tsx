"use client";

import { useTranslations } from "next-intl";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";
import type { AlertPage } from "@/lib/compliance/alerts/list-alerts";

export type AlertThresholdsProps = { thresholds: AlertPage["thresholds"]; action: FormAction<unknown> };

type Threshold = keyof AlertThresholdsProps["thresholds"];

/** From when on figures count as much; reports use the same. */
export function AlertThresholds({ thresholds, action }: AlertThresholdsProps) {
  const t = useTranslations("alerts.thresholds");
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, () => notify(t("saved")));
  return (
    <Card aria-labelledby="thresholds">
      <CardHeader id="thresholds" title={t("title")} description={t("description")} />
      <CardBody>
        <form {...form} className="grid items-end gap-4 sm:grid-cols-3">
          {(Object.keys(thresholds) as Threshold[]).map((name) => (
            <Field key={name} id={name} label={t(name)} error={problem(name)}>
              <Input name={name} type="number" min={1} required defaultValue={thresholds[name]} />
            </Field>
          ))}
          <SubmitButton variant="secondary" className="justify-self-end sm:col-span-3">
            {t("save")}
          </SubmitButton>
          {message}
        </form>
      </CardBody>
    </Card>
  );
}
