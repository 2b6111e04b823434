import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { secondStepActions } from "@/app/(public)/sign-in/second-step-actions";
import { FinishSignOn } from "@/components/access/sign-in/finish-sign-on";
import { AuthShell } from "@/components/shell/auth-shell";
import { returnPath } from "@/lib/http/return-path";
import { setLocale } from "@/lib/http/set-locale";
import type { SearchParams } from "@/lib/http/page-address";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("signIn"))("signOn.finishing") };
}

/** Where a sign-in at the provider ends: the browser hands its ticket over and goes on. */
export default async function SignOnReturnPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { next } = await searchParams;
  const [t, locale] = await Promise.all([getTranslations("signIn"), getLocale()]);
  return (
    <AuthShell title={t("signOn.finishing")} locale={locale} setLocaleAction={setLocale}>
      <FinishSignOn next={returnPath(next)} secondStepActions={secondStepActions} />
    </AuthShell>
  );
}
