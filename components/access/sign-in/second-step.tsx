"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { PasskeyButton, type BeginPasskey } from "@/components/access/passkeys/passkey-button";
import { CodeStep, type SecondStepAction } from "@/components/access/sign-in/code-step";
import { enterByPasskey, formOf, type CompletePasskey } from "@/components/access/sign-in/enter-with-ticket";
import { Button } from "@/components/ui/button";

export type SecondStepActions = {
  code: SecondStepAction;
  beginPasskey: (form: FormData) => ReturnType<BeginPasskey>;
  passkey: CompletePasskey;
};

export type SecondStepProps = {
  challenge: string;
  factors: readonly string[];
  actions: SecondStepActions;
  /** The page to open after the sign-in. */
  next: string;
  onRestart: () => void;
};

const methods = ["passkey", "totp", "recovery_code"] as const;

type Method = (typeof methods)[number];

/** The second step of a sign-in: a passkey, a code of the app, or a recovery code. */
export function SecondStep({ challenge, factors, actions, next, onRestart }: SecondStepProps) {
  const t = useTranslations("signIn.secondStep");
  const own = methods.filter((method) => method === "recovery_code" || factors.includes(method));
  const [method, setMethod] = useState<Method>(own[0]!);
  const names = { passkey: t("usePasskey"), totp: t("useTotp"), recovery_code: t("useRecoveryCode") };
  return (
    <div className="grid gap-4">
      <h2 className="text-md font-semibold">{t("title")}</h2>
      {method === "passkey" ? (
        <>
          <p className="text-ink-muted">{t("passkeyHint")}</p>
          <PasskeyButton
            variant="primary"
            begin={() => actions.beginPasskey(formOf({ challenge }))}
            finish={(response) => enterByPasskey(actions.passkey, { challenge, response }, next)}
          >
            {t("passkey")}
          </PasskeyButton>
        </>
      ) : (
        <CodeStep challenge={challenge} method={method} action={actions.code} next={next} key={method} />
      )}
      <div className="grid justify-items-start gap-1">
        {own
          .filter((other) => other !== method)
          .map((other) => (
            <Button key={other} variant="link" onClick={() => setMethod(other)}>
              {names[other]}
            </Button>
          ))}
        <Button variant="link" onClick={onRestart}>
          {t("again")}
        </Button>
      </div>
      <p className="text-sm text-ink-muted">{t("lost")}</p>
    </div>
  );
}
