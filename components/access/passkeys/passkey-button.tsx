"use client";

import type { PublicKeyCredentialRequestOptionsJSON } from "@simplewebauthn/browser";
import { LoaderCircle } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState, type ReactNode } from "react";
import { askPasskey } from "@/components/access/passkeys/ask-passkey";
import { Button, type ButtonProps } from "@/components/ui/button";
import { ErrorText } from "@/components/ui/error-text";
import { FormMessage } from "@/components/ui/form-message";
import type { ActionState } from "@/lib/http/run-action";

export type BeginPasskey = () => Promise<ActionState<PublicKeyCredentialRequestOptionsJSON>>;

export type PasskeyButtonProps = {
  begin: BeginPasskey;
  /** Sends the answer of the browser, as JSON. @returns the code of a refusal; null if it was accepted. */
  finish: (response: string) => Promise<string | null>;
  variant?: ButtonProps["variant"];
  children: ReactNode;
};

/** A button that asks for a passkey, and says why it was refused. */
export function PasskeyButton({ begin, finish, variant, children }: PasskeyButtonProps) {
  const [code, setCode] = useState<string | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const working = useTranslations("common.actions")("working");
  const ask = async () => {
    if (isAsking) return;
    setIsAsking(true);
    setCode(null);
    setCode(await answered(begin, finish).catch(() => "unavailable"));
    setIsAsking(false);
  };
  return (
    <div className="grid gap-4">
      <FormMessage>{code ? <PasskeyProblem code={code} /> : null}</FormMessage>
      <Button variant={variant} className="w-full" onClick={ask} aria-disabled={isAsking || undefined}>
        {isAsking ? <LoaderCircle aria-hidden className="animate-spin" /> : null}
        {children}
        <span role="status" className="sr-only">
          {isAsking ? working : null}
        </span>
      </Button>
    </div>
  );
}

async function answered(begin: BeginPasskey, finish: PasskeyButtonProps["finish"]): Promise<string | null> {
  const begun = await begin();
  if (begun.status !== "done") return codeOf(begun);
  const answer = await askPasskey(begun.result);
  return "problem" in answer ? answer.problem : finish(answer.response);
}

/** The code of a refused action; null of one that was done. */
export const codeOf = (state: ActionState): string | null => (state.status === "failed" ? state.code : null);

/** Why a passkey was not used: by the browser, or by the portal. */
export function PasskeyProblem({ code }: { code: string }) {
  const t = useTranslations("common.passkeys");
  return t.has(code as never) ? t(code as never) : <ErrorText code={code} />;
}
