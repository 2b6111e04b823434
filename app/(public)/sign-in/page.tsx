import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { AuthShell } from "@/components/shell/auth-shell";
import { SignInForm } from "@/components/access/sign-in/sign-in-form";
import { currentContext } from "@/lib/http/page-context";
import { setLocale } from "@/lib/http/set-locale";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("signIn"))("title") };
}

export default async function SignInPage() {
  if (await currentContext()) redirect("/");
  const [t, locale] = await Promise.all([getTranslations("signIn"), getLocale()]);
  return (
    <AuthShell title={t("title")} description={t("description")} locale={locale} setLocaleAction={setLocale}>
      <SignInForm />
    </AuthShell>
  );
}
