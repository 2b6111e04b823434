import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { SignOnRefusalText } from "@/components/access/sign-in/sign-on-refusal";
import { Button } from "@/components/ui/button";
import { FormMessage } from "@/components/ui/form-message";

export type SignOnChoiceProps = {
  /** Where the button leads. */
  href: string;
  /** Why the last try was refused: a code. */
  refused: string | null;
  /** Passwords sign in break-glass people only. */
  isLocalSignInOff: boolean;
  /** The form of e-mail and password. */
  children: ReactNode;
};

/** The button of single sign-on above the form; with local sign-in off the form is folded away. */
export function SignOnChoice({ href, refused, isLocalSignInOff, children }: SignOnChoiceProps) {
  const t = useTranslations("signIn.signOn");
  return (
    <div className="grid gap-4">
      <FormMessage>{refused ? <SignOnRefusalText code={refused} /> : null}</FormMessage>
      {isLocalSignInOff ? <p className="text-ink-muted">{t("localOff")}</p> : null}
      <Button asChild variant={isLocalSignInOff ? "primary" : "secondary"} className="w-full">
        {/* A plain link: the portal answers with the provider's address, which must not be fetched ahead. */}
        <a href={href}>{t("button")}</a>
      </Button>
      {isLocalSignInOff ? (
        <details>
          <summary className="cursor-pointer text-sm text-ink-muted">{t("emergency")}</summary>
          <div className="mt-4">{children}</div>
        </details>
      ) : (
        <>
          <p className="text-center text-sm text-ink-muted">{t("or")}</p>
          {children}
        </>
      )}
    </div>
  );
}
