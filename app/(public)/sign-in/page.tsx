import type { Metadata, Route } from "next";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { beginPasskeySignInAction, completePasskeySignInAction } from "@/app/(public)/sign-in/actions";
import { secondStepActions } from "@/app/(public)/sign-in/second-step-actions";
import { AuthShell } from "@/components/shell/auth-shell";
import { AnnounceSignIn } from "@/components/access/sessions/last-sign-in";
import { PasskeySignIn } from "@/components/access/sign-in/passkey-sign-in";
import { SignOnChoice } from "@/components/access/sign-in/sign-on-choice";
import { SignInForm } from "@/components/access/sign-in/sign-in-form";
import type { SearchParams } from "@/lib/http/page-address";
import { readSignInWays } from "@/lib/access/single-sign-on/settings/read-sign-in-ways";
import { signOnCodes } from "@/lib/access/single-sign-on/sign-on-codes";
import { loadPublicPage } from "@/lib/http/public-context";
import { sendsMail } from "@/lib/access/sessions/account-message";
import { currentContext } from "@/lib/http/page-context";
import { returnPath } from "@/lib/http/return-path";
import { setLocale } from "@/lib/http/set-locale";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("signIn"))("title") };
}

export default async function SignInPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { next: sent, refused } = await searchParams;
  const next = returnPath(sent);
  if (await currentContext()) redirect(next as Route);
  const [t, locale, ways] = await Promise.all([
    getTranslations("signIn"),
    getLocale(),
    loadPublicPage(readSignInWays, {}),
  ]);
  const form = (
    <SignInForm next={next} resetsByMail={sendsMail()} secondStepActions={secondStepActions}>
      {ways.hasPasskeys ? (
        <PasskeySignIn begin={beginPasskeySignInAction} complete={completePasskeySignInAction} next={next} />
      ) : null}
    </SignInForm>
  );
  return (
    <AuthShell title={t("title")} description={t("description")} locale={locale} setLocaleAction={setLocale}>
      <AnnounceSignIn />
      {ways.hasSingleSignOn ? (
        <SignOnChoice
          href={`/api/sso/start?${new URLSearchParams({ next })}`}
          refused={signOnCodes.find((code) => code === refused) ?? null}
          isLocalSignInOff={ways.isLocalSignInOff}
        >
          {form}
        </SignOnChoice>
      ) : (
        form
      )}
    </AuthShell>
  );
}
