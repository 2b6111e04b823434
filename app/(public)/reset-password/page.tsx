import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { requestResetAction } from "@/app/(public)/reset-password/actions";
import { RequestResetForm } from "@/components/access/passwords/request-reset-form";
import { AuthShell } from "@/components/shell/auth-shell";
import { FormMessage } from "@/components/ui/form-message";
import { sendsMail } from "@/lib/access/sessions/account-message";
import { setLocale } from "@/lib/http/set-locale";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("signIn.reset"))("title") };
}

export default async function ResetPasswordPage() {
  const [t, locale] = await Promise.all([getTranslations("signIn.reset"), getLocale()]);
  return (
    <AuthShell title={t("title")} description={t("description")} locale={locale} setLocaleAction={setLocale}>
      {sendsMail() ? (
        <RequestResetForm action={requestResetAction} />
      ) : (
        <FormMessage tone="caution">{t("noMail")}</FormMessage>
      )}
    </AuthShell>
  );
}
