/** The languages of the interface. The first is the default. */
export const locales = ["pt-BR", "en"] as const;

export type Locale = (typeof locales)[number];

export const defaultLocale: Locale = "pt-BR";

/** The name of the cookie with the reader's choice of language. */
export const localeCookie = "custodia-locale";

/** True if a value from outside (cookie, form) is one of our locales. */
export function isLocale(value: unknown): value is Locale {
  return locales.some((locale) => locale === value);
}
