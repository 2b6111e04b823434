"use client";

import { signIn } from "next-auth/react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { ErrorText } from "@/components/ui/error-text";
import { FormMessage } from "@/components/ui/form-message";
import { TextLink } from "@/components/ui/text-link";

/** One for the page, also where React runs the effect twice: a ticket works once. */
let handedOver: ReturnType<typeof signIn> | undefined;

/**
 * Hands the ticket to next-auth, which finds it in a cookie, and opens the page that the person came for.
 * `next`: checked by `returnPath`.
 */
export function FinishSignOn({ next }: { next: string }) {
  const t = useTranslations("signIn.signOn");
  const [code, setCode] = useState<string | null>(null);
  useEffect(() => {
    handedOver ??= signIn("ticket", { redirect: false });
    handedOver.then(
      (answer) => {
        if (answer?.ok && !answer.error) window.location.replace(next);
        else setCode(answer?.error?.split(":")[0] ?? "unavailable");
      },
      () => setCode("unavailable"),
    );
  }, [next]);
  return (
    <div className="grid gap-4">
      <FormMessage>{code ? <ErrorText code={code} /> : null}</FormMessage>
      {code ? <TextLink href="/sign-in">{t("again")}</TextLink> : <p role="status">{t("finishingText")}</p>}
    </div>
  );
}
