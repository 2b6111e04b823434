import { useTranslations } from "next-intl";

/** Why a sign-in at the provider was refused, in words; a code without words of its own is named. */
export function SignOnRefusalText({ code }: { code: string }) {
  const t = useTranslations("signIn.refusals");
  return t.has(code as never) && code !== "other" ? t(code as never) : t("other", { code });
}
