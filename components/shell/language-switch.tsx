import { useTranslations } from "next-intl";
import { locales, type Locale } from "@/lib/i18n/locales";
import { segment, segmented } from "@/components/shell/segmented";

export type LanguageSwitchProps = { locale: Locale; setLocaleAction: (form: FormData) => Promise<void> };

/** Buttons that change the language. Works without JavaScript. */
export function LanguageSwitch({ locale, setLocaleAction }: LanguageSwitchProps) {
  const t = useTranslations("shell");
  return (
    <form action={setLocaleAction}>
      <div role="group" aria-label={t("language")} className={segmented}>
        {locales.map((name) => (
          <button
            key={name}
            type="submit"
            name="locale"
            value={name}
            lang={name}
            aria-pressed={name === locale}
            className={segment}
          >
            {t(`languages.${name}`)}
          </button>
        ))}
      </div>
    </form>
  );
}
