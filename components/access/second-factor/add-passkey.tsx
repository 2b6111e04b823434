"use client";

import type { PublicKeyCredentialCreationOptionsJSON } from "@simplewebauthn/browser";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { makePasskey } from "@/components/access/passkeys/ask-passkey";
import { PasskeyProblem } from "@/components/access/passkeys/passkey-button";
import type { Enrolled } from "@/components/access/second-factor/authenticator-app";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { CardBody, CardFooter } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { FormMessage } from "@/components/ui/form-message";
import { Input } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";

export type AddPasskeyProps = {
  beginAction: FormAction<PublicKeyCredentialCreationOptionsJSON>;
  confirmAction: FormAction<Enrolled>;
  onDone: (enrolled: Enrolled) => void;
};

/** Has the browser make a passkey under a name. */
export function AddPasskey({ beginAction, confirmAction, onDone }: AddPasskeyProps) {
  const t = useTranslations("settings.secondFactor");
  const name = useRef<HTMLInputElement>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const add: FormAction<Enrolled> = async (state, form) => {
    setRefused(null);
    const begun = await beginAction({ status: "idle" }, form);
    if (begun.status !== "done") return begun;
    const made = await makePasskey(begun.result);
    if ("response" in made) {
      form.set("response", made.response);
      return confirmAction(state, form);
    }
    setRefused(made.problem);
    return { status: "idle" };
  };
  const { form, message, problem } = useActionForm(add, (enrolled) => {
    if (name.current) name.current.value = "";
    onDone(enrolled);
  });
  return (
    <form {...form}>
      <CardBody className="grid gap-4">
        {message}
        <FormMessage>{refused ? <PasskeyProblem code={refused} /> : null}</FormMessage>
        <Field id="passkey-name" label={t("passkeyName")} hint={t("passkeyNameHint")} error={problem("name")}>
          <Input name="name" ref={name} required maxLength={60} autoComplete="off" className="max-w-80" />
        </Field>
      </CardBody>
      <CardFooter>
        <SubmitButton variant="secondary">{t("addPasskey")}</SubmitButton>
      </CardFooter>
    </form>
  );
}
