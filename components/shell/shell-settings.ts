import type { Theme } from "@/components/shell/preferences";
import type { Locale } from "@/lib/i18n/locales";
import type { Messages } from "@/lib/i18n/namespaces";

/** What the portal's frame needs to know about its reader. */
export type ShellSettings = {
  user: { name: string; role: keyof Messages["shell"]["roles"] };
  locale: Locale;
  theme: Theme;
  signOutAction: () => Promise<void>;
  setLocaleAction: (form: FormData) => Promise<void>;
};
