"use client";

import type { Route } from "next";
import { signIn } from "next-auth/react";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { useActionState, useState, type ReactNode } from "react";
import { SecondStep, type SecondStepActions } from "@/components/access/sign-in/second-step";
import { SignInError } from "@/components/access/sign-in/sign-in-error";
import { Field } from "@/components/ui/field";
import { FormMessage } from "@/components/ui/form-message";
import { Input } from "@/components/ui/input";
import { PasswordInput } from "@/components/ui/password-input";
import { SubmitButton } from "@/components/ui/submit-button";

type Waiting = { challenge: string; factors: string[] };
type SignInState = { email: string; code: string | null; retryAfterSeconds: number; secondStep: Waiting | null };

const start: SignInState = { email: "", code: null, retryAfterSeconds: 0, secondStep: null };

/** Sends e-mail and password to next-auth. After a refusal the e-mail stays in its field. */
async function send(next: string, form: FormData): Promise<SignInState> {
  const email = String(form.get("email") ?? "");
  const answer = await signIn("credentials", {
    email,
    password: String(form.get("password") ?? ""),
    redirect: false,
  }).catch(() => undefined);
  if (answer?.ok && !answer.error) {
    window.location.assign(next);
    return { ...start, email };
  }
  const [code = "unavailable", detail = "0", factors = ""] = (answer?.error ?? "unavailable").split(":");
  if (code === "second_step_needed")
    return { ...start, email, secondStep: { challenge: detail, factors: factors.split(",") } };
  return { ...start, email, code, retryAfterSeconds: Number(detail) };
}

export type SignInFormProps = {
  /** The page to open after the sign-in, checked by `returnPath`. */
  next: string;
  resetsByMail: boolean;
  secondStepActions: SecondStepActions;
  /** Other ways to sign in, below the password. */
  children?: ReactNode;
};

export function SignInForm({ next, resetsByMail, secondStepActions, children }: SignInFormProps) {
  const t = useTranslations("signIn");
  const [state, action] = useActionState((_: SignInState, form: FormData) => send(next, form), start);
  const [ended, setEnded] = useState<string | null>(null);
  const { secondStep } = state;
  if (secondStep && secondStep.challenge !== ended)
    return (
      <SecondStep
        {...secondStep}
        next={next}
        actions={secondStepActions}
        onRestart={() => setEnded(secondStep.challenge)}
      />
    );
  return (
    // React gives this form no `action` URL: without JavaScript it sends nothing, so no password gets into a URL.
    <form action={action} className="grid gap-4">
      <noscript>
        <FormMessage tone="caution">{t("scriptNeeded")}</FormMessage>
      </noscript>
      <FormMessage>{state.code ? <SignInError {...state} code={state.code} /> : null}</FormMessage>
      <Field id="email" label={t("email")}>
        <Input
          name="email"
          type="email"
          autoComplete="username"
          inputMode="email"
          required
          defaultValue={state.email}
          key={state.email}
        />
      </Field>
      <Field id="password" label={t("password")}>
        <PasswordInput name="password" autoComplete="current-password" required />
      </Field>
      <SubmitButton className="w-full">{t("submit")}</SubmitButton>
      {children}
      {resetsByMail ? (
        <Link href={"/reset-password" as Route} className="text-sm text-accent underline underline-offset-3">
          {t("reset.link")}
        </Link>
      ) : (
        <p className="text-sm text-ink-muted">{t("forgotten")}</p>
      )}
    </form>
  );
}
