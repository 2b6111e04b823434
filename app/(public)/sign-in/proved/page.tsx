import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { AnnounceProof } from "@/components/forms/announce-proof";
import { SignOnRefusalText } from "@/components/access/sign-in/sign-on-refusal";
import { AuthShell } from "@/components/shell/auth-shell";
import { FormMessage } from "@/components/ui/form-message";
import { signOnCodes } from "@/lib/access/single-sign-on/sign-on-codes";
import { currentContext } from "@/lib/http/page-context";
import { setLocale } from "@/lib/http/set-locale";
import type { SearchParams } from "@/lib/http/page-address";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("signIn"))("proved.title") };
}

/** Where the tab ends that asked the provider who uses an open session. The dialog in the other tab goes on. */
export default async function ProvedPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { refused } = await searchParams;
  const [t, locale, current] = await Promise.all([getTranslations("signIn.proved"), getLocale(), currentContext()]);
  const code = signOnCodes.find((known) => known === refused) ?? null;
  // Anybody can open this address: it says what the session's row says.
  const isProved = refused === undefined && current?.user.hasFreshProof === true;
  return (
    <AuthShell title={t(isProved ? "title" : "notTitle")} locale={locale} setLocaleAction={setLocale}>
      <FormMessage>{code ? <SignOnRefusalText code={code} /> : null}</FormMessage>
      {isProved ? <AnnounceProof /> : null}
      <p>{t(isProved ? "close" : "again")}</p>
    </AuthShell>
  );
}
