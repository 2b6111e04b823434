/** The languages of the interface; the first is the default. */
export const locales = ["pt-BR", "en"] as const;

export type Locale = (typeof locales)[number];

export const defaultLocale: Locale = "pt-BR";

/** Name of the cookie that keeps a reader's own choice of language. */
export const localeCookie = "custodia-locale";

/** Whether a value from outside (cookie, form) is one of our locales. */
export function isLocale(value: unknown): value is Locale {
  return locales.some((locale) => locale === value);
}
