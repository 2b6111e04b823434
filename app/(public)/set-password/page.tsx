import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { readLinkAction, setPasswordAction } from "@/app/(public)/set-password/actions";
import { SetPasswordForm } from "@/components/access/passwords/set-password-form";
import { AuthShell } from "@/components/shell/auth-shell";
import { setLocale } from "@/lib/http/set-locale";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("signIn.setPassword"))("title"), referrer: "no-referrer" };
}

/** The page of a mailed link. The secret stands behind "#": no browser sends it, and the page takes it away. */
export default async function SetPasswordPage() {
  const [t, locale] = await Promise.all([getTranslations("signIn.setPassword"), getLocale()]);
  return (
    <AuthShell title={t("title")} locale={locale} setLocaleAction={setLocale}>
      <SetPasswordForm readAction={readLinkAction} action={setPasswordAction} />
    </AuthShell>
  );
}
