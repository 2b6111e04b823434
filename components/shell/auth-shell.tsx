import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Brand } from "@/components/shell/brand";
import { LanguageSwitch } from "@/components/shell/language-switch";
import type { Locale } from "@/lib/i18n/locales";

export type AuthShellProps = {
  title: ReactNode;
  description?: ReactNode;
  locale: Locale;
  setLocaleAction: (form: FormData) => Promise<void>;
  children: ReactNode;
};

/** The frame of public pages such as the sign-in: one narrow column. */
export function AuthShell({ title, description, locale, setLocaleAction, children }: AuthShellProps) {
  const t = useTranslations("shell");
  return (
    <div className="grid min-h-dvh grid-rows-[1fr_auto] gap-8 p-4">
      <main id="content" className="m-auto grid w-full max-w-sm gap-6">
        <div className="grid justify-items-start gap-3">
          <Brand />
          <p className="text-ink-muted">{t("tagline")}</p>
        </div>
        <section className="rounded-md border border-line bg-raised p-5">
          <h1 className="text-lg font-semibold">{title}</h1>
          {description ? <p className="mt-0.5 text-ink-muted">{description}</p> : null}
          <div className="mt-4">{children}</div>
        </section>
      </main>
      <footer className="mx-auto w-56">
        <LanguageSwitch locale={locale} setLocaleAction={setLocaleAction} />
      </footer>
    </div>
  );
}
