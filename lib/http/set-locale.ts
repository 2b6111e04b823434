"use server";

import { cookies } from "next/headers";
import { isLocale, localeCookie } from "@/lib/i18n/locales";

const oneYear = 365 * 24 * 60 * 60;

/** Saves the language that the reader chose (form field `locale`) in a cookie; ignores other values. */
export async function setLocale(form: FormData): Promise<void> {
  // The arguments of an action are whatever the client sends.
  const locale = (form as unknown) instanceof FormData ? form.get("locale") : null;
  if (!isLocale(locale)) return;
  (await cookies()).set(localeCookie, locale, { path: "/", maxAge: oneYear, sameSite: "lax", httpOnly: true });
}
