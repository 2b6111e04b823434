"use server";

import { cookies } from "next/headers";
import { isLocale, localeCookie } from "@/lib/i18n/locales";

const oneYear = 365 * 24 * 60 * 60;

/** Remembers the language that a reader chose (form field `locale`); anything else is ignored. Touches no data. */
export async function setLocale(form: FormData): Promise<void> {
  const locale = form.get("locale");
  if (!isLocale(locale)) return;
  (await cookies()).set(localeCookie, locale, { path: "/", maxAge: oneYear, sameSite: "lax", httpOnly: true });
}
