"use client";

import type { Route } from "next";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { useState } from "react";
import { AccessChoice, NewAccess } from "@/components/access/users/new-access";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import { RoleAndUnits } from "@/components/access/users/role-and-units";
import type { UnitOption } from "@/components/access/users/unit-choice";
import type { GivenAccess } from "@/lib/access/users/given-access";
import type { Role } from "@/lib/operation/actor";

export type CreateUserFormProps = {
  action: FormAction<GivenAccess>;
  units: readonly UnitOption[];
  roles: readonly Role[];
  /** Whether people are invited by mail. */
  sendsMail: boolean;
};

/** Creates users one after another, invites them, or shows the temporary password of each once. */
export function CreateUserForm(props: CreateUserFormProps) {
  const [round, setRound] = useState(0);
  return <OneUser key={round} onAnother={() => setRound(round + 1)} {...props} />;
}

function OneUser({ action, units, roles, sendsMail, onAnother }: CreateUserFormProps & { onAnother: () => void }) {
  const t = useTranslations("users.form");
  const { state, problem, form, message } = useActionForm(action);
  if (state.status === "done") return <CreatedUser {...state.result} onAnother={onAnother} />;
  return (
    <Card className="max-w-2xl">
      <form {...form}>
        <CardBody className="grid gap-4">
          {message}
          <Field id="name" label={t("name")} error={problem("name")}>
            <Input name="name" required maxLength={120} autoComplete="off" />
          </Field>
          <Field id="email" label={t("email")} hint={t("emailHint")} error={problem("email")}>
            <Input name="email" type="email" required maxLength={254} autoComplete="off" inputMode="email" />
          </Field>
          <RoleAndUnits role="supervisor" roles={roles} unitIds={[]} units={units} problem={problem} />
          {sendsMail ? <AccessChoice /> : null}
        </CardBody>
        <CardFooter>
          <SubmitButton>{t("create")}</SubmitButton>
        </CardFooter>
      </form>
    </Card>
  );
}

function CreatedUser({ onAnother, ...access }: GivenAccess & { onAnother: () => void }) {
  const t = useTranslations("users");
  return (
    <Card className="max-w-2xl" aria-labelledby="created">
      <CardHeader id="created" title={t("created.title")} />
      <CardBody>
        <NewAccess access={access} />
      </CardBody>
      <CardFooter>
        <Button onClick={onAnother}>{t("created.another")}</Button>
        <Button asChild variant="primary">
          <Link href={`/users/${access.userId}` as Route}>{t("created.open")}</Link>
        </Button>
      </CardFooter>
    </Card>
  );
}
