"use client";

import { useTranslations } from "next-intl";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";
import { locales } from "@/lib/i18n/locales";

export type ReportSettingsProps = {
  settings: { schedules: readonly string[]; locale: string };
  /** "07:00" */
  workFrom: string;
  workTo: string;
  action: FormAction<unknown>;
};

/** Which reports are made by themselves, in which language, and what counts as off hours. */
export function ReportSettings({ settings, workFrom, workTo, action }: ReportSettingsProps) {
  const [t, languages] = [useTranslations("reports"), useTranslations("shell.languages")];
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, () => notify(t("settings.saved")));
  return (
    <Card aria-labelledby="report-settings">
      <CardHeader id="report-settings" title={t("settings.title")} description={t("settings.description")} />
      <CardBody>
        <form {...form} className="grid items-end gap-4 sm:grid-cols-[auto_12rem_12rem_8rem_1fr]">
          <fieldset>
            <legend className="text-sm font-medium">{t("settings.schedules")}</legend>
            {/* Without a box, a form sends nothing. */}
            <input type="hidden" name="schedules[]" value="none" />
            {(["monthly", "quarterly"] as const).map((schedule) => (
              <Checkbox
                key={schedule}
                name="schedules[]"
                value={schedule}
                defaultChecked={settings.schedules.includes(schedule)}
                label={t(`schedules.${schedule}`)}
              />
            ))}
          </fieldset>
          <Field id="settings-locale" label={t("settings.locale")}>
            <Select name="locale" defaultValue={settings.locale}>
              {locales.map((locale) => (
                <option key={locale} value={locale}>
                  {languages(locale)}
                </option>
              ))}
            </Select>
          </Field>
          <Field id="workFrom" label={t("settings.workFrom")} error={problem("workFrom")}>
            <Input name="workFrom" type="time" required defaultValue={workFrom} />
          </Field>
          <Field id="workTo" label={t("settings.workTo")} error={problem("workTo")}>
            <Input name="workTo" type="time" required defaultValue={workTo} />
          </Field>
          <SubmitButton variant="secondary" className="justify-self-end">
            {t("settings.save")}
          </SubmitButton>
          {message}
        </form>
      </CardBody>
    </Card>
  );
}
