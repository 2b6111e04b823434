"use client";

import { signIn } from "next-auth/react";
import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { ErrorText } from "@/components/ui/error-text";
import { Field } from "@/components/ui/field";
import { FormMessage } from "@/components/ui/form-message";
import { Input } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";

type SignInState = { email: string; code: string | null; retryAfterSeconds: number };

const start: SignInState = { email: "", code: null, retryAfterSeconds: 0 };

/** Sends e-mail and password to next-auth. After a refusal the e-mail stays in its field. */
async function send(_previous: SignInState, form: FormData): Promise<SignInState> {
  const email = String(form.get("email") ?? "");
  const answer = await signIn("credentials", {
    email,
    password: String(form.get("password") ?? ""),
    redirect: false,
  }).catch(() => undefined);
  if (answer?.ok && !answer.error) {
    window.location.assign("/");
    return { ...start, email };
  }
  const [code = "unavailable", seconds = "0"] = (answer?.error ?? "unavailable").split(":");
  return { email, code, retryAfterSeconds: Number(seconds) };
}

export function SignInForm() {
  const t = useTranslations("signIn");
  const [state, action] = useActionState(send, start);
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
        <Input name="password" type="password" autoComplete="current-password" required />
      </Field>
      <SubmitButton className="w-full">{t("submit")}</SubmitButton>
      <p className="text-sm text-ink-muted">{t("forgotten")}</p>
    </form>
  );
}

function SignInError({ code, retryAfterSeconds }: { code: string; retryAfterSeconds: number }) {
  const t = useTranslations("signIn");
  if (code === "locked") return t("locked", { minutes: Math.max(1, Math.ceil(retryAfterSeconds / 60)) });
  return <ErrorText code={code} />;
}
