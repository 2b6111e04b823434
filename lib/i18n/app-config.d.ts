import type { Locale } from "@/lib/i18n/locales";
import type { Messages } from "@/lib/i18n/namespaces";

// With this, a message key that does not exist is a type error.
declare module "next-intl" {
  interface AppConfig {
    Locale: Locale;
    Messages: Messages;
  }
}
