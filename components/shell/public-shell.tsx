import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { LanguageSwitch } from "@/components/shell/language-switch";
import type { Locale } from "@/lib/i18n/locales";

export type PublicShellProps = {
  /** The company that the person deals with; it knows no product's name. */
  company: string;
  locale: Locale;
  setLocaleAction: (form: FormData) => Promise<void>;
  children: ReactNode;
};

/** The frame of the pages for data subjects: one column, readable on a small telephone. */
export function PublicShell({ company, locale, setLocaleAction, children }: PublicShellProps) {
  const t = useTranslations("titular");
  return (
    <div className="mx-auto grid min-h-dvh w-full max-w-2xl grid-rows-[auto_1fr_auto] gap-6 p-4">
      <header className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-md font-semibold">{company}</p>
        <div className="w-56">
          <LanguageSwitch locale={locale} setLocaleAction={setLocaleAction} />
        </div>
      </header>
      <main id="content" className="grid content-start gap-4">
        {children}
      </main>
      <footer className="text-sm text-ink-muted">{t("footer")}</footer>
    </div>
  );
}
