"use client";

import { useTranslations } from "next-intl";
import { useState, type SubmitEvent } from "react";
import { Button } from "@/components/ui/button";
import { ErrorText } from "@/components/ui/error-text";
import { Field } from "@/components/ui/field";
import { FormMessage } from "@/components/ui/form-message";
import { Input } from "@/components/ui/input";
import type { ActionState } from "@/lib/http/run-action";

type ProofMethod = "totp" | "recovery_code" | "password";

export type ProofFormProps = {
  /** What the person has; with none the password proves who they are. */
  factors: readonly ("totp" | "passkey")[];
  action: (form: FormData) => Promise<ActionState<{ method: string }>>;
  onProved: () => void;
};

/** Asks for a code of the app, a recovery code or the password. */
export function ProofForm({ factors, action, onProved }: ProofFormProps) {
  const t = useTranslations("shell.proof");
  const first = factors.includes("totp") ? "totp" : factors.length > 0 ? "recovery_code" : "password";
  const [method, setMethod] = useState<ProofMethod>(first);
  const [state, setState] = useState<ActionState>({ status: "idle" });
  const [isSending, setIsSending] = useState(false);
  // Not a form action: the action that waits for this proof is still a pending transition, which React ends first.
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isSending) return;
    setIsSending(true);
    const answered = await action(new FormData(event.currentTarget));
    setIsSending(false);
    setState(answered);
    if (answered.status === "done") onProved();
  };
  const other = method === "totp" ? "recovery_code" : "totp";
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <input type="hidden" name="method" value={method} />
      <FormMessage>{state.status === "failed" ? <Problem {...state} /> : null}</FormMessage>
      <ProofField method={method} key={method} isWrong={state.status === "failed"} />
      <div className="flex flex-wrap items-center justify-between gap-2">
        {factors.includes("totp") ? (
          <Button variant="link" onClick={() => setMethod(other)}>
            {method === "totp" ? t("useRecoveryCode") : t("useTotp")}
          </Button>
        ) : (
          <span />
        )}
        <Button type="submit" variant="primary" aria-disabled={isSending || undefined}>
          {t("confirm")}
        </Button>
      </div>
    </form>
  );
}

function Problem({ code, retryAfterSeconds = 0 }: { code: string; retryAfterSeconds?: number }) {
  const t = useTranslations("shell.proof");
  const problems = useTranslations("problems");
  if (code === "locked") return t("locked", { minutes: Math.max(1, Math.ceil(retryAfterSeconds / 60)) });
  if (code === "invalid_credentials") return problems("wrong_password");
  return <ErrorText code={code === "invalid_input" ? "wrong_code" : code} />;
}

/** The one field of a proof. */
function ProofField({ method, isWrong }: { method: ProofMethod; isWrong: boolean }) {
  const t = useTranslations("shell.proof");
  const common = { required: true, "aria-invalid": isWrong || undefined } as const;
  if (method === "password")
    return (
      <Field id="proof" label={t("password")}>
        <Input name="password" type="password" autoComplete="current-password" {...common} />
      </Field>
    );
  const isTotp = method === "totp";
  return (
    <Field id="proof" label={t(isTotp ? "totp" : "recoveryCode")} hint={t(isTotp ? "totpHint" : "recoveryCodeHint")}>
      <Input
        name="code"
        className="font-mono"
        autoComplete={isTotp ? "one-time-code" : "off"}
        inputMode={isTotp ? "numeric" : "text"}
        autoCapitalize="none"
        spellCheck={false}
        {...common}
      />
    </Field>
  );
}
