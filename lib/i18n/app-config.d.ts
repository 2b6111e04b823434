import type { Locale } from "@/lib/i18n/locales";
import type { Messages } from "@/lib/i18n/namespaces";

// Makes an unknown message key a type error.
declare module "next-intl" {
  interface AppConfig {
    Locale: Locale;
    Messages: Messages;
  }
}
