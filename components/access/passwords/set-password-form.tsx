"use client";

import type { Route } from "next";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { useEffect, useEffectEvent, useState } from "react";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { ErrorText } from "@/components/ui/error-text";
import { Field } from "@/components/ui/field";
import { FormMessage } from "@/components/ui/form-message";
import { PasswordInput } from "@/components/ui/password-input";
import { SubmitButton } from "@/components/ui/submit-button";
import type { ActionState } from "@/lib/http/run-action";

export type PasswordLink = { purpose: "invitation" | "reset"; email: string; name: string };

export type SetPasswordFormProps = {
  readAction: (token: string) => Promise<ActionState<PasswordLink>>;
  action: FormAction<null>;
};

type Read = { token: string; state: ActionState<PasswordLink> };

/** Sets a password by a mailed link. Takes the secret out of the address bar before anything else. */
export function SetPasswordForm({ readAction, action }: SetPasswordFormProps) {
  const t = useTranslations("signIn.setPassword");
  const read = useLink(readAction);
  if (!read)
    return (
      <>
        <noscript>
          <FormMessage tone="caution">{t("scriptNeeded")}</FormMessage>
        </noscript>
        <p role="status">{t("checking")}</p>
      </>
    );
  if (read.state.status === "done")
    return <PasswordFields token={read.token} link={read.state.result} action={action} />;
  const code = read.state.status === "failed" ? read.state.code : "internal";
  return (
    <div className="grid gap-4">
      <FormMessage>
        <ErrorText code={code === "invalid_input" ? "link_unusable" : code} />
      </FormMessage>
      <Button asChild>
        <Link href={"/reset-password" as Route}>{t("another")}</Link>
      </Button>
    </div>
  );
}

let taken: string | null = null;

/**
 * Reads the secret once; React runs an effect twice in development. A refresh of the page, which brings another
 * `readAction`, does not ask again: the link may be used by then.
 */
function useLink(readAction: SetPasswordFormProps["readAction"]): Read | null {
  const [read, setRead] = useState<Read | null>(null);
  const ask = useEffectEvent((token: string) => readAction(token));
  useEffect(() => {
    if (window.location.hash !== "" || taken === null) taken = window.location.hash.slice(1);
    window.history.replaceState(null, "", window.location.pathname);
    const token = taken;
    let isGone = false;
    void ask(token).then((state) => isGone || setRead({ token, state }));
    return () => void (isGone = true);
  }, []);
  return read;
}

function PasswordFields({ token, link, action }: { token: string; link: PasswordLink; action: FormAction<null> }) {
  const t = useTranslations("signIn.setPassword");
  const { state, problem, form, message } = useActionForm(action);
  if (state.status === "done")
    return (
      <div className="grid gap-4">
        <FormMessage tone="positive">{t("done")}</FormMessage>
        <Button asChild variant="primary">
          <Link href={"/sign-in" as Route}>{t("signIn")}</Link>
        </Button>
      </div>
    );
  return (
    <form {...form} className="grid gap-4">
      {message}
      <p>{t(link.purpose, { name: link.name })}</p>
      <input type="hidden" name="token" value={token} />
      {/* Tells password managers whose password this is. */}
      <input type="text" name="username" autoComplete="username" value={link.email} readOnly hidden />
      <Field id="newPassword" label={t("new")} hint={t("hint")} error={problem("newPassword")}>
        <PasswordInput name="newPassword" required maxLength={256} autoComplete="new-password" />
      </Field>
      <Field id="repeatedPassword" label={t("repeat")} error={problem("repeatedPassword")}>
        <PasswordInput name="repeatedPassword" required maxLength={256} autoComplete="new-password" />
      </Field>
      <SubmitButton className="w-full">{t("save")}</SubmitButton>
    </form>
  );
}
