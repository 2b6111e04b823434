"use client";

import { signIn } from "next-auth/react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { SecondStep, type SecondStepActions, type SecondStepProps } from "@/components/access/sign-in/second-step";
import { ErrorText } from "@/components/ui/error-text";
import { FormMessage } from "@/components/ui/form-message";
import { TextLink } from "@/components/ui/text-link";

/** One for the page, also where React runs the effect twice: a ticket works once. */
let handedOver: ReturnType<typeof signIn> | undefined;

type FinishSignOnProps = { next: string; secondStepActions: SecondStepActions };

/**
 * Hands the ticket to next-auth, which finds it in a cookie, and opens the page that the person came for.
 * Whoever has a second factor here, and proved one factor there, is asked for it. `next`: checked by `returnPath`.
 */
export function FinishSignOn({ next, secondStepActions }: FinishSignOnProps) {
  const t = useTranslations("signIn.signOn");
  const [code, setCode] = useState<string | null>(null);
  const [secondStep, setSecondStep] = useState<Pick<SecondStepProps, "challenge" | "factors"> | null>(null);
  useEffect(() => {
    handedOver ??= signIn("ticket", { redirect: false });
    handedOver.then(
      (answer) => {
        if (answer?.ok && !answer.error) window.location.replace(next);
        else {
          const [failure = "", challenge = "", factors = ""] = (answer?.error ?? "unavailable").split(":");
          if (failure === "second_step_needed") setSecondStep({ challenge, factors: factors.split(",") });
          else setCode(failure);
        }
      },
      () => setCode("unavailable"),
    );
  }, [next]);
  const again = () => window.location.assign("/sign-in");
  if (secondStep) return <SecondStep {...secondStep} next={next} actions={secondStepActions} onRestart={again} />;
  return (
    <div className="grid gap-4">
      <FormMessage>{code ? <ErrorText code={code} /> : null}</FormMessage>
      {code ? <TextLink href="/sign-in">{t("again")}</TextLink> : <p role="status">{t("finishingText")}</p>}
    </div>
  );
}
