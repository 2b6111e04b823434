"use client";

import { useTranslations } from "next-intl";
import { useActionState, useEffect, useRef } from "react";
import { enterWithTicket } from "@/components/access/sign-in/enter-with-ticket";
import { SignInError } from "@/components/access/sign-in/sign-in-error";
import { Field } from "@/components/ui/field";
import { FormMessage } from "@/components/ui/form-message";
import { Input } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import type { ActionState } from "@/lib/http/run-action";

export type SecondStepAction = (form: FormData) => Promise<{ outcome: ActionState<{ ticket: string }> }>;

export type CodeStepProps = {
  challenge: string;
  method: "totp" | "recovery_code";
  action: SecondStepAction;
  next: string;
};

type State = { code: string | null; retryAfterSeconds: number };

/** The second step by a code of the app, or by a recovery code. */
export function CodeStep({ challenge, method, action, next }: CodeStepProps) {
  const t = useTranslations("signIn.secondStep");
  const [state, send] = useActionState(
    async (_: State, form: FormData): Promise<State> => {
      const { outcome } = await action(form).catch(() => ({ outcome: unavailable }));
      if (outcome.status === "done")
        return { code: await enterWithTicket(outcome.result.ticket, next), retryAfterSeconds: 0 };
      if (outcome.status === "idle") return { code: null, retryAfterSeconds: 0 };
      const code = outcome.code === "invalid_input" ? "wrong_code" : outcome.code;
      return { code, retryAfterSeconds: outcome.retryAfterSeconds ?? 0 };
    },
    { code: null, retryAfterSeconds: 0 },
  );
  return (
    <form action={send} className="grid gap-4" noValidate>
      <FormMessage>{state.code ? <SignInError {...state} code={state.code} /> : null}</FormMessage>
      <input type="hidden" name="challenge" value={challenge} />
      <input type="hidden" name="method" value={method} />
      <CodeField method={method} isWrong={state.code !== null} />
      <SubmitButton className="w-full">{t("confirm")}</SubmitButton>
    </form>
  );
}

const unavailable = {
  ...{ status: "failed" as const, code: "unavailable" as const, fields: [], requestId: "" },
  retryAfterSeconds: 0,
};

function CodeField({ method, isWrong }: { method: CodeStepProps["method"]; isWrong: boolean }) {
  const t = useTranslations("signIn.secondStep");
  const isTotp = method === "totp";
  const focused = useRef<HTMLInputElement>(null);
  useEffect(() => focused.current?.focus(), []);
  return (
    <Field id="code" label={t(isTotp ? "totp" : "recoveryCode")} hint={t(isTotp ? "totpHint" : "recoveryCodeHint")}>
      <Input
        name="code"
        required
        ref={focused}
        className="font-mono"
        autoComplete={isTotp ? "one-time-code" : "off"}
        inputMode={isTotp ? "numeric" : "text"}
        autoCapitalize="none"
        spellCheck={false}
        aria-invalid={isWrong || undefined}
      />
    </Field>
  );
}
