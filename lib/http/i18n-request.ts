import { cookies, headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import { env } from "@/lib/core/env";
import { isLocale, localeCookie } from "@/lib/i18n/locales";
import { loadMessages } from "@/lib/i18n/namespaces";
import { negotiateLocale } from "@/lib/i18n/negotiate-locale";

/**
 * next-intl's configuration of one request: no locale in the URL; the controller's time zone unless a component sets
 * another.
 */
export default getRequestConfig(async ({ locale: asked }) => {
  const locale = isLocale(asked)
    ? asked
    : negotiateLocale((await cookies()).get(localeCookie)?.value, (await headers()).get("accept-language"));
  return { locale, messages: await loadMessages(locale), timeZone: env().CONTROLLER_TIME_ZONE, now: new Date() };
});
