"use server";

import { cookies } from "next/headers";
import { isLocale, localeCookie } from "@/lib/i18n/locales";

const oneYear = 365 * 24 * 60 * 60;

/** Saves the language that the reader chose (form field `locale`) in a cookie; ignores other values. */
export async function setLocale(form: FormData): Promise<void> {
  const locale = form.get("locale");
  if (!isLocale(locale)) return;
  (await cookies()).set(localeCookie, locale, { path: "/", maxAge: oneYear, sameSite: "lax", httpOnly: true });
}
