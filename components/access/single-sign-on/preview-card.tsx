"use client";

import { useTranslations } from "next-intl";
import type { UnitOption } from "@/components/access/users/unit-choice";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { FormMessage } from "@/components/ui/form-message";
import { SubmitButton } from "@/components/ui/submit-button";
import { Textarea } from "@/components/ui/textarea";
import type { PreviewedClaims } from "@/lib/access/single-sign-on/settings/preview-claims";

export type PreviewCardProps = { units: readonly UnitOption[]; action: FormAction<PreviewedClaims> };

/** Tries the table on claims that somebody writes: "this person would get …". */
export function PreviewCard({ units, action }: PreviewCardProps) {
  const t = useTranslations("settings.singleSignOn.preview");
  const { state, form, problem, message } = useActionForm(action);
  return (
    <Card aria-labelledby="preview">
      <CardHeader id="preview" title={t("title")} description={t("description")} />
      <CardBody>
        <form {...form} className="grid gap-4">
          {message}
          <Field id="claims" label={t("claims")} hint={t("claimsHint")} error={problem("claims")}>
            <Textarea name="claims" rows={4} required autoComplete="off" spellCheck={false} className="font-mono" />
          </Field>
          <SubmitButton variant="secondary" className="justify-self-start">
            {t("show")}
          </SubmitButton>
        </form>
        <FormMessage tone="info" className="mt-4">
          {state.status === "done" ? <Outcome granted={state.result.granted} units={units} /> : null}
        </FormMessage>
      </CardBody>
    </Card>
  );
}

function Outcome({ granted, units }: PreviewedClaims & { units: readonly UnitOption[] }) {
  const t = useTranslations("settings.singleSignOn.preview");
  const roleName = useTranslations("shell.roles");
  if (!granted) return t("refused");
  const names = units.filter(({ id }) => granted.unitIds.includes(id)).map(({ name }) => name);
  return t("granted", { role: roleName(granted.role), units: names.length > 0 ? names.join(", ") : "none" });
}
