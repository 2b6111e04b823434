"use client";

import { useTranslations } from "next-intl";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { RadioGroup } from "@/components/ui/radio-group";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";
import { locales, type Locale } from "@/lib/i18n/locales";

/** Sets the language of the account. */
export function LanguageForm({ locale, action }: { locale: Locale; action: FormAction<{ locale: Locale }> }) {
  const t = useTranslations();
  const notify = useNotify();
  const { form, message, problem } = useActionForm(action, () => notify(t("settings.account.languageSaved")));
  const options = locales.map((value) => ({ value, label: t(`shell.languages.${value}`) }));
  return (
    <form {...form} className="grid justify-items-start gap-3">
      {message}
      <RadioGroup
        name="locale"
        legend={t("settings.account.language")}
        options={options}
        defaultValue={locale}
        error={problem("locale")}
        inline
      />
      <SubmitButton>{t("common.actions.save")}</SubmitButton>
    </form>
  );
}
