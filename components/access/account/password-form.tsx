"use client";

import type { Route } from "next";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { CardBody, CardFooter } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { FormMessage } from "@/components/ui/form-message";
import { PasswordInput } from "@/components/ui/password-input";
import { SubmitButton } from "@/components/ui/submit-button";

export type PasswordFormProps = { email: string; isTemporary: boolean; action: FormAction<{ sessionsEnded: number }> };

/** Changes the reader's own password. The form disappears after success. */
export function PasswordForm({ email, isTemporary, action }: PasswordFormProps) {
  const t = useTranslations("settings.password");
  const { state, problem, form, message } = useActionForm(action);
  if (state.status === "done") return <Changed sessionsEnded={state.result.sessionsEnded} />;
  return (
    <form {...form}>
      <CardBody className="grid gap-4">
        {message}
        {/* Tells password managers whose password this is. */}
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <Field
          id="currentPassword"
          label={isTemporary ? t("currentTemporary") : t("current")}
          error={problem("currentPassword")}
        >
          <PasswordInput name="currentPassword" required autoComplete="current-password" />
        </Field>
        <Field id="newPassword" label={t("new")} hint={t("newHint")} error={problem("newPassword")}>
          <PasswordInput name="newPassword" required maxLength={256} autoComplete="new-password" />
        </Field>
        <Field id="repeatedPassword" label={t("repeat")} error={problem("repeatedPassword")}>
          <PasswordInput name="repeatedPassword" required maxLength={256} autoComplete="new-password" />
        </Field>
      </CardBody>
      <CardFooter>
        <SubmitButton>{t("save")}</SubmitButton>
      </CardFooter>
    </form>
  );
}

function Changed({ sessionsEnded }: { sessionsEnded: number }) {
  const t = useTranslations("settings.password");
  return (
    <>
      <CardBody>
        <FormMessage tone="positive">
          {t("saved")} {t("sessionsEnded", { count: sessionsEnded })}
        </FormMessage>
      </CardBody>
      <CardFooter>
        <Button asChild variant="primary">
          <Link href={"/" as Route}>{t("continue")}</Link>
        </Button>
      </CardFooter>
    </>
  );
}
