import { useTranslations } from "next-intl";
import type { Messages } from "@/lib/i18n/namespaces";

/** Shows the message of an error code; an unknown code reads as an internal error. */
export function ErrorText({ code }: { code: string }) {
  const t = useTranslations("errors");
  const key = code as keyof Messages["errors"];
  return t.has(key) ? t(key) : t("internal");
}
