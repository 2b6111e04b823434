"use client";

import { useTranslations } from "next-intl";
import { PasskeyButton, type BeginPasskey } from "@/components/access/passkeys/passkey-button";
import { enterByPasskey, type CompletePasskey } from "@/components/access/sign-in/enter-with-ticket";

export type PasskeySignInProps = {
  begin: BeginPasskey;
  complete: CompletePasskey;
  /** The page to open after the sign-in. */
  next: string;
};

/** Signs in with a passkey alone. */
export function PasskeySignIn({ begin, complete, next }: PasskeySignInProps) {
  const t = useTranslations("signIn");
  return (
    <PasskeyButton begin={begin} finish={(response) => enterByPasskey(complete, { response }, next)}>
      {t("passkey")}
    </PasskeyButton>
  );
}
