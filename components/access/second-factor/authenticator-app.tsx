"use client";

import type { Route } from "next";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { RecoveryCodeList } from "@/components/access/second-factor/recovery-codes";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { Field } from "@/components/ui/field";
import { FormMessage } from "@/components/ui/form-message";
import { Input } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import { TimeText } from "@/components/ui/time-text";

type Begun = { secret: string; qr: { path: string; size: number } };
export type Enrolled = { recoveryCodes: string[] | null; sessionsEnded: number };

export type AuthenticatorAppProps = {
  totp: { id: string; enrolledAt: Date | null; lastUsedAt: Date | null } | null;
  /** Not the last factor of a person who needs one. */
  mayRemove: boolean;
  beginAction: FormAction<Begun>;
  confirmAction: FormAction<Enrolled>;
  removeAction: FormAction<unknown>;
};

/** The reader's authenticator app: set up, replace, remove. */
export function AuthenticatorApp({ totp, mayRemove, removeAction, ...actions }: AuthenticatorAppProps) {
  const t = useTranslations("settings.secondFactor");
  const [begun, setBegun] = useState<Begun | null>(null);
  const [enrolled, setEnrolled] = useState<Enrolled | null>(null);
  const done = (result: Enrolled) => {
    setBegun(null);
    setEnrolled(result);
  };
  return (
    <Card aria-labelledby="app">
      <CardHeader id="app" title={t("app")} description={t("description")} />
      {enrolled ? (
        <CardBody className="grid gap-3">
          <Enrolment codes={enrolled.recoveryCodes} />
        </CardBody>
      ) : null}
      {begun ? (
        <Confirmation {...begun} action={actions.confirmAction} onDone={done} />
      ) : (
        <>
          {enrolled ? null : <CardBody>{totp ? <AppFacts {...totp} /> : <p>{t("appNone")}</p>}</CardBody>}
          <CardFooter>
            {totp && mayRemove ? <Removal factor="totp" id={totp.id} action={removeAction} /> : null}
            <Beginning
              label={totp ? t("replace") : t("setUp")}
              isFirst={totp === null}
              action={actions.beginAction}
              onBegun={(result) => {
                setEnrolled(null);
                setBegun(result);
              }}
            />
          </CardFooter>
        </>
      )}
    </Card>
  );
}

function AppFacts({ enrolledAt, lastUsedAt }: NonNullable<AuthenticatorAppProps["totp"]>) {
  const t = useTranslations("settings.secondFactor");
  const facts = [
    { term: t("enrolled"), description: enrolledAt ? <TimeText value={enrolledAt} /> : t("never") },
    { term: t("lastUsed"), description: lastUsedAt ? <TimeText value={lastUsedAt} /> : t("never") },
  ];
  return <DescriptionList facts={facts} />;
}

type RemovalProps = { factor: "totp" | "passkey"; id: string; name?: string; action: FormAction<unknown> };

/** Removes one factor, after a confirmation. `name`: of one among several. */
export function Removal({ factor, id, name, action }: RemovalProps) {
  const t = useTranslations("settings.secondFactor");
  const label = name === undefined ? t("remove") : t("removePasskey", { name });
  return (
    <ConfirmedAction
      trigger={<Button aria-label={label}>{t("remove")}</Button>}
      title={t("removeTitle")}
      description={t("removeDescription")}
      confirmLabel={t("remove")}
      action={action}
      fields={{ factor, id }}
      done={t("removed")}
    />
  );
}

type BeginningProps = {
  label: string;
  isFirst: boolean;
  action: FormAction<Begun>;
  onBegun: (result: Begun) => void;
};

function Beginning({ label, isFirst, action, onBegun }: BeginningProps) {
  const { form, message } = useActionForm(action, onBegun);
  return (
    <form {...form} className="grid gap-2">
      {message}
      <SubmitButton variant={isFirst ? "primary" : "secondary"}>{label}</SubmitButton>
    </form>
  );
}

type ConfirmationProps = Begun & { action: FormAction<Enrolled>; onDone: (result: Enrolled) => void };

function Confirmation({ secret, qr, action, onDone }: ConfirmationProps) {
  const t = useTranslations("settings.secondFactor");
  const { form, message, problem } = useActionForm(action, onDone);
  return (
    <form {...form}>
      <CardBody className="grid gap-4">
        {message}
        <p>{t("scan")}</p>
        <svg
          role="img"
          aria-label={t("qr")}
          viewBox={`0 0 ${qr.size} ${qr.size}`}
          className="size-56 rounded bg-white"
          shapeRendering="crispEdges"
        >
          <path d={qr.path} fill="#000" />
        </svg>
        <p>
          {t("byHand")} <code className="font-mono text-sm break-all">{secret.replace(/(.{4})/g, "$1 ").trim()}</code>
        </p>
        <Field id="code" label={t("code")} hint={t("codeHint")} error={problem("code")}>
          <Input
            name="code"
            required
            inputMode="numeric"
            autoComplete="one-time-code"
            className="max-w-40 font-mono"
            spellCheck={false}
          />
        </Field>
      </CardBody>
      <CardFooter>
        <SubmitButton>{t("confirm")}</SubmitButton>
      </CardFooter>
    </form>
  );
}

/** A factor counts now: what to keep, and where to go on. */
export function Enrolment({ codes }: { codes: string[] | null }) {
  const t = useTranslations("settings.secondFactor");
  return (
    <>
      <FormMessage tone="positive">{t("done")}</FormMessage>
      {codes ? <RecoveryCodeList codes={codes} /> : null}
      <Button asChild className="justify-self-start">
        <Link href={"/" as Route}>{t("continue")}</Link>
      </Button>
    </>
  );
}
