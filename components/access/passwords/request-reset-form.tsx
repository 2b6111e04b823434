"use client";

import type { Route } from "next";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Field } from "@/components/ui/field";
import { FormMessage } from "@/components/ui/form-message";
import { Input } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";

/** Asks for a link for a new password. Says the same for every e-mail. */
export function RequestResetForm({ action }: { action: FormAction<null> }) {
  const t = useTranslations("signIn");
  const { state, problem, form, message } = useActionForm(action);
  if (state.status === "done") return <FormMessage tone="positive">{t("reset.sent")}</FormMessage>;
  return (
    <form {...form} className="grid gap-4">
      {message}
      <Field id="email" label={t("email")} error={problem("email")}>
        <Input name="email" type="email" autoComplete="username" inputMode="email" required />
      </Field>
      <SubmitButton className="w-full">{t("reset.submit")}</SubmitButton>
      <Link href={"/sign-in" as Route} className="text-sm text-accent underline underline-offset-3">
        {t("reset.back")}
      </Link>
    </form>
  );
}
