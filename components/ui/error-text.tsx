import { useTranslations } from "next-intl";
import type { Messages } from "@/lib/i18n/namespaces";

/** The message of an error code in the reader's language; an unknown code reads as an internal error. */
export function ErrorText({ code }: { code: string }) {
  const t = useTranslations("errors");
  const key = code as keyof Messages["errors"];
  return t.has(key) ? t(key) : t("internal");
}
