import { defaultLocale, isLocale, locales, type Locale } from "@/lib/i18n/locales";

type Preference = { language: string; quality: number };

function preferences(acceptLanguage: string): Preference[] {
  return acceptLanguage
    .slice(0, 1000)
    .split(",")
    .map((part) => {
      const [language = "", ...parameters] = part.trim().toLowerCase().split(";");
      const quality = parameters.map((parameter) => /^\s*q=([0-9.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
      return { language: language.trim(), quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ language, quality }) => language !== "" && quality > 0)
    .sort((first, second) => second.quality - first.quality);
}

/**
 * Chooses the language of a page: the reader's choice, else the first language of `Accept-Language` (RFC 9110, 12.5.4)
 * that we support, else Brazilian Portuguese.
 */
export function negotiateLocale(chosen: string | undefined, acceptLanguage: string | null | undefined): Locale {
  if (isLocale(chosen)) return chosen;
  for (const { language } of preferences(acceptLanguage ?? "")) {
    const base = language.split("-")[0];
    const match = locales.find((locale) => locale.toLowerCase().split("-")[0] === base);
    if (match) return match;
  }
  return defaultLocale;
}
