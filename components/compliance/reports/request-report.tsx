"use client";

import { useTranslations } from "next-intl";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";
import { locales } from "@/lib/i18n/locales";

export type RequestReportProps = { reportId: string; from: string; to: string; action: FormAction<unknown> };

/** Asks for a report of a period; both days are included. */
export function RequestReport({ reportId, from, to, action }: RequestReportProps) {
  const [t, languages] = [useTranslations("reports.request"), useTranslations("shell.languages")];
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, () => notify(t("done")));
  return (
    <Card aria-labelledby="request-report">
      <CardHeader id="request-report" title={t("title")} />
      <CardBody>
        <form {...form} className="grid items-end gap-4 sm:grid-cols-[11rem_11rem_minmax(0,1fr)_auto]">
          <input type="hidden" name="reportId" value={reportId} />
          <Field id="from" label={t("from")} error={problem("from")}>
            <Input name="from" type="date" required defaultValue={from} />
          </Field>
          <Field id="to" label={t("to")} error={problem("to")}>
            <Input name="to" type="date" required defaultValue={to} />
          </Field>
          <Field id="report-locale" label={t("locale")} className="max-w-56">
            <Select name="locale" defaultValue="pt-BR">
              {locales.map((locale) => (
                <option key={locale} value={locale}>
                  {languages(locale)}
                </option>
              ))}
            </Select>
          </Field>
          <SubmitButton variant="secondary">{t("submit")}</SubmitButton>
          {message}
        </form>
      </CardBody>
    </Card>
  );
}
