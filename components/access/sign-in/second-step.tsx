"use client";

import { signIn } from "next-auth/react";
import { useTranslations } from "next-intl";
import { useActionState, useEffect, useRef, useState } from "react";
import { SignInError } from "@/components/access/sign-in/sign-in-error";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { FormMessage } from "@/components/ui/form-message";
import { Input } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import type { ActionState } from "@/lib/http/run-action";

export type SecondStepAction = (form: FormData) => Promise<{ outcome: ActionState<{ ticket: string }> }>;

export type SecondStepProps = {
  challenge: string;
  factors: readonly string[];
  action: SecondStepAction;
  /** The page to open after the sign-in. */
  next: string;
  onRestart: () => void;
};

type State = { code: string | null; retryAfterSeconds: number };

/** Exchanges a ticket for the session's cookie, and opens the page. @returns the code of a refusal. */
export async function enterWithTicket(ticket: string, next: string): Promise<string | null> {
  const answer = await signIn("ticket", { ticket, redirect: false }).catch(() => undefined);
  if (!answer?.ok || answer.error) return answer?.error ?? "unavailable";
  window.location.assign(next);
  return null;
}

/** The second step of a sign-in: a code of the app, or a recovery code. */
export function SecondStep({ challenge, factors, action, next, onRestart }: SecondStepProps) {
  const t = useTranslations("signIn.secondStep");
  const hasTotp = factors.includes("totp");
  const [method, setMethod] = useState<"totp" | "recovery_code">(hasTotp ? "totp" : "recovery_code");
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
    <div className="grid gap-4">
      <form action={send} className="grid gap-4" noValidate>
        <h2 className="text-md font-semibold">{t("title")}</h2>
        <FormMessage>{state.code ? <SignInError {...state} code={state.code} /> : null}</FormMessage>
        <input type="hidden" name="challenge" value={challenge} />
        <input type="hidden" name="method" value={method} />
        <CodeField method={method} isWrong={state.code !== null} key={method} />
        <SubmitButton className="w-full">{t("confirm")}</SubmitButton>
      </form>
      <div className="grid justify-items-start gap-1">
        {hasTotp ? (
          <Button variant="link" onClick={() => setMethod(method === "totp" ? "recovery_code" : "totp")}>
            {method === "totp" ? t("useRecoveryCode") : t("useTotp")}
          </Button>
        ) : null}
        <Button variant="link" onClick={onRestart}>
          {t("again")}
        </Button>
      </div>
      <p className="text-sm text-ink-muted">{t("lost")}</p>
    </div>
  );
}

const unavailable = {
  ...{ status: "failed" as const, code: "unavailable" as const, fields: [], requestId: "" },
  retryAfterSeconds: 0,
};

function CodeField({ method, isWrong }: { method: "totp" | "recovery_code"; isWrong: boolean }) {
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
