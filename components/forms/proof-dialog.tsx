"use client";

import { useTranslations } from "next-intl";
import { useEffect, useEffectEvent, useState, type SubmitEvent } from "react";
import { provedChannel } from "@/components/forms/announce-proof";
import { ErrorText } from "@/components/ui/error-text";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormMessage } from "@/components/ui/form-message";
import { Input } from "@/components/ui/input";
import type { ActionState } from "@/lib/http/run-action";

export type ProofMethod = "totp" | "recovery_code" | "password";

export type ProofDialogProps = {
  /** What the person has; with none the password proves who they are. */
  factors: readonly ("totp" | "passkey")[];
  hasPassword: boolean;
  /** The provider of single sign-on can be asked who the person is. */
  isSignedOn: boolean;
  action: (form: FormData) => Promise<ActionState<{ method: string }>>;
  open: boolean;
  onEnd: (isProved: boolean) => void;
};

/** Asks the person for a code, a recovery code or the password, or sends them to the company's sign-in. */
export function ProofDialog({ open, onEnd, hasPassword, isSignedOn, ...form }: ProofDialogProps) {
  const t = useTranslations("shell.proof");
  const hasForm = hasPassword || form.factors.length > 0;
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onEnd(false)}>
      <DialogContent title={t("title")} description={t("description")}>
        {hasForm ? <ProofForm {...form} onProved={() => onEnd(true)} /> : null}
        {isSignedOn ? <ProofAtProvider onProved={() => onEnd(true)} /> : null}
        {hasForm || isSignedOn ? null : <FormMessage tone="caution">{t("withoutPassword")}</FormMessage>}
      </DialogContent>
    </Dialog>
  );
}

/** Opens the provider in another tab, so that nothing that was typed here is lost; that tab tells when it is done. */
function ProofAtProvider({ onProved }: { onProved: () => void }) {
  const t = useTranslations("shell.proof");
  const onMessage = useEffectEvent(onProved);
  useEffect(() => {
    const channel = new BroadcastChannel(provedChannel);
    channel.onmessage = () => onMessage();
    return () => channel.close();
  }, []);
  return (
    <div className="grid gap-2">
      <p className="text-ink-muted">{t("atProviderHint")}</p>
      <Button asChild variant="secondary">
        {/* A plain link: the portal answers with the provider's address, which must not be fetched ahead. */}
        <a href="/api/sso/prove" target="_blank" rel="noreferrer">
          {t("atProvider")}
        </a>
      </Button>
    </div>
  );
}

type ProofFormProps = Pick<ProofDialogProps, "factors" | "action"> & { onProved: () => void };

function ProofForm({ factors, action, onProved }: ProofFormProps) {
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
export function ProofField({ method, isWrong }: { method: ProofMethod; isWrong: boolean }) {
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
